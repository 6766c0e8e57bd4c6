"""Reliability and structure of scales, on arrays and frames."""
