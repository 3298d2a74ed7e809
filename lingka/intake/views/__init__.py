"""Pages that residents see. One file per noun."""
