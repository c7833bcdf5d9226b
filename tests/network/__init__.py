"""Tests of static/network, what the browser computes of a frame: they hold it to the engine, NumPy and scikit-learn."""
