"""Plotly charts, of the articles and for notebooks: arrays in, a figure out."""
