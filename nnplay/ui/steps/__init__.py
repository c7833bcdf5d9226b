"""The page Step by step: the step that is explained, the way in from the playground, and the way back."""
