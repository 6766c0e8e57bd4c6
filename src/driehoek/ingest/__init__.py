"""Export files to canonical responses."""
