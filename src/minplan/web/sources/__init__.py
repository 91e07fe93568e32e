"""Constraint layers: what there is, how old it is, which rules rest on it."""
