"""Several runs side by side: a race of settings, the luck of the seed, a map of a whole sweep."""
