"""Reads of cases that other modules may call. One file per noun; re-exported here."""
