"""Lessons: a file each, read with its lines, and checked by training what it promises."""

from nnplay.lessons.discovery import all_lessons, find
from nnplay.lessons.lesson import Lesson, Problem, Step, text

__all__ = ["Lesson", "Problem", "Step", "all_lessons", "find", "text"]
