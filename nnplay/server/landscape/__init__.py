"""The landscape of the loss that a stage shows: a plane, the paths in it, and a surface that grows finer."""
