"""How each kind of model in a plan is fitted: one module a kind."""
