"""A run as a notebook that trains it again: with nnplay, with NumPy alone, or with PyTorch."""
