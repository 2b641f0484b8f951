"""Plans: a source, an owner and tasks; a plan's state is computed, never typed."""
