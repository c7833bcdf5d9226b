"""What a server measures of itself, for whoever runs it."""
