"""Directives and the documents that follow from them."""
