"""Keying, scale scores, worked examples and the keying guard."""
