"""A run as a file: written, checked, and opened again."""
