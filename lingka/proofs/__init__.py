"""Provable history: a signed Merkle tree over all events, and proofs that leave the house."""
