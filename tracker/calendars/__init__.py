"""Deadlines on a calendar and along a line of time, on screen, on paper and in a feed."""
