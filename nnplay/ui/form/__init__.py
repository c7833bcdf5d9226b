"""The controls beside the stage: what is trained, and how."""
