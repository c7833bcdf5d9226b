"""What opens over the page: own data, take away, share."""
