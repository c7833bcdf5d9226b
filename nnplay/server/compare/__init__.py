"""What the page Compare asks of the server: races, and their links."""
