"""Experiments: a configuration, a training session, and what is recorded of it. No user interface."""
