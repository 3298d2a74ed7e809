"""What a receipt's holder may see."""
