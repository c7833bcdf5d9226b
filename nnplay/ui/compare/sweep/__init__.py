"""The third tab: one or two settings over lists of values, a map of what comes of it."""
