"""Plotly charts of the articles: arrays in, a figure out."""
