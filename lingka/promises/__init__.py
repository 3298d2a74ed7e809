"""What units promise in public by a day, and headings under which many cases are followed."""
