"""Generated input, and what must become of it; each kind runs as a command and, in small, in the suite."""
