"""Stations and rooms: when they are open, for whom, and who has which room when."""
