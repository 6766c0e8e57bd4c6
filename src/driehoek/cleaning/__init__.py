"""Duplicates, consent, response quality, corrections and the ledger."""
