"""Ledgers that write themselves from cases: major hazards, wishes, the demands of firms."""
