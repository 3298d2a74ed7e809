"""Votes: a frozen roll, ballots that nobody can join to voters, a result that anyone can check."""
