"""One case as its desk page shows it."""
