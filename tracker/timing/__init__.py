"""Deadlines that are given, moved and counted, and the tasks that have none."""
