"""Livelihood projects 民生实事: an area's small works of the year, public, confirmed by users."""
