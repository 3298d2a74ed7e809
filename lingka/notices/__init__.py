"""Notices: what is out of order or dangerous where, until when, in three languages."""
