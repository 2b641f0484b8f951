"""The cascade: from a resolution and its clauses down to every task that rests on them."""
