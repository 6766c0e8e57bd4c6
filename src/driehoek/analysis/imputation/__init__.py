"""Missing answers of a study filled in, for its models."""
