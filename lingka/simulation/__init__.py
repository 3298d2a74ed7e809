"""Months of a city in accelerated time: made-up people, the real engine."""
