"""Rounds, and the checklists that are gone through on them."""
