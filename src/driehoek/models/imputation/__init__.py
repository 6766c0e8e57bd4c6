"""Multiple imputation by chained equations."""
