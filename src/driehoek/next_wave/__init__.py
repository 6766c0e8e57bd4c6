"""A new wave: its file, its place in the study, and how it differs from the waves before."""
