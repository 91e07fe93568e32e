"""A plan document as values: its tree, its tables, its quantities, and where each stands."""
