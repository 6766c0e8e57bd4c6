"""The questionnaire: model, reading, checks, wording by role, target and language."""
