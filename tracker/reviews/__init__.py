"""What lies on one's desk, and later the review session: views of one query."""
