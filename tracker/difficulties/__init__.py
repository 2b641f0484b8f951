"""Difficulties that a unit sends upward: to the level that can decide, further up, answered."""
