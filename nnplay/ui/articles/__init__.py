"""The articles' page."""
