"""Deadlines as officials write them: a reader of phrases and a working-day calendar, both pure."""
