"""Small generated data sets. Each teaches something."""
