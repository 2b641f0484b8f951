"""Search: tasks, documents, plans, units and pages by name, accents optional."""
