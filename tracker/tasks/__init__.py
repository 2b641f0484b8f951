"""Tasks: the one thing that is tracked, its life, its lateness, who sees it, and the board."""
