"""Deadlines in calendar programs, read under a personal address."""
