"""Small data sets that are generated, each to teach something."""
