"""Exports of a study with known true parameters."""
