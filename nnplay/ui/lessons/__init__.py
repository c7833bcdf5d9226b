"""The page of lessons: which step is on the stage, and what the browser is told of it."""
