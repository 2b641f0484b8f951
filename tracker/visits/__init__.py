"""Visits to units, planned or not."""
