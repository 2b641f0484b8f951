"""Recurring duties: the task of each period is made when the period begins, once, by whoever comes first."""
