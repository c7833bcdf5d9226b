"""What deploy/ says is true of the project, and nginx takes it."""
