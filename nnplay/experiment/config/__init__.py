"""One run: its settings, what they mean for the data, and how they are checked and written."""
