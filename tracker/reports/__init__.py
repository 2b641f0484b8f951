"""Figures: the grid of a body, a unit, a plan or a document, on any day, by either deadline."""
