"""A sweep: one configuration over lists of values of some of its settings, and over seeds."""
