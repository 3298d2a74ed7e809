"""Councils: what neighbours bring before them, decide there, and hear of what became of it."""
