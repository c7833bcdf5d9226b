"""What is measured in a frame: scores, layers, columns, how separable the classes are."""
