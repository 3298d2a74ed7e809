"""The points bank: points and hours in double entry, each in a ledger of its own."""
