"""Workers' phones: what they did without a network comes in, what they need goes out."""
