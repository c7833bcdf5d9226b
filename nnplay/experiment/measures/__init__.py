"""What is measured in a frame: scores, layers, columns, images."""
