"""Seats that change hands: handed over from a day, or held by somebody else for a time."""
