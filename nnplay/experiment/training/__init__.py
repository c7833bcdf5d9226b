"""A training session: batches, steps, what is measured, and when it stops."""
