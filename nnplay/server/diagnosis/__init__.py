"""What the doctor says of the run on the stage, for the browser."""
