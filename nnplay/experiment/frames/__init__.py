"""A frame: what is kept of a moment of a run, and what it is drawn from."""
