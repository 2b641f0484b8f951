"""The organisation's settings: the clock of a demonstration, days off, limits."""
