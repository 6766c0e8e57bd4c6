"""The tables of a study, one module a topic."""
