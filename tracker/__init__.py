"""Tiến Độ: a task board for public bodies that work by directive."""
