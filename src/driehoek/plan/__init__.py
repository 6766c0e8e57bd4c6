"""What a study plans to analyse, as closed models."""
