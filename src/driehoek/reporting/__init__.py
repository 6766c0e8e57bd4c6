"""Tables, figures and reports; nothing here computes a statistic."""
