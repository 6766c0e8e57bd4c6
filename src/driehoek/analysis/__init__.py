"""A study's data and plan, turned into rows of statistics."""
