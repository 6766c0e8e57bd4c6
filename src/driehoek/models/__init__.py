"""Regression, mixed and triadic models, on arrays and frames."""
