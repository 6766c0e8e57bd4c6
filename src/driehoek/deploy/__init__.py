"""The instrument on survey platforms, on paper and in codebooks."""
