"""Drafting quickly: several tasks at once, each in one line, shown as understood before they are saved."""
