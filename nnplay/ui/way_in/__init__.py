"""The way in: how a visitor's browser gets the page's files soon."""
