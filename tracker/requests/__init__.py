"""What goes up: a hand-in and the answer to it."""
