"""Confirmatory factor models: the model as data, estimation, fit and standard errors."""
