"""What is told about a frame: scores, layers, columns, how separable the classes are."""
