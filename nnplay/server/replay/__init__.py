"""A run as one file that plays it: a page that needs neither a server nor a network."""
