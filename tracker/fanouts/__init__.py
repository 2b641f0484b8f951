"""Fan-out: one task given on to many units, each with a task, a deadline and a quota of its own."""
