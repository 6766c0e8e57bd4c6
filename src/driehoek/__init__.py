"""From one questionnaire about the triad of help to a reviewed paper."""
