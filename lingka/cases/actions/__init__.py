"""Every change to cases. One file per noun; the public functions are re-exported here."""
