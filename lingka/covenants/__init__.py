"""Covenants 公约: what neighbours agreed on, in versions, each adopted by a vote or a meeting."""
