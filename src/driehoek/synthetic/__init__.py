"""A synthetic twin of a study: the same structure, nobody's answers."""
