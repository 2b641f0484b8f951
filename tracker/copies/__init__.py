"""Copies of the database: taken while the site works, put back with mail held, before each upgrade."""
