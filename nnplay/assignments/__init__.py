"""Assignments: a task with a goal as a link, and answers that prove that the goal was reached."""
