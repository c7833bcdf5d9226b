"""What opens over the page: own data, save and open, share."""
