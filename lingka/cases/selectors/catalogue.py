"""Case types and definitions in use."""
