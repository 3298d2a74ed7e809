"""What a desk knows: standard answers and service guides, dated, with their source."""
