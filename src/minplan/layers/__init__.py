"""The library of constraint layers: build, verify, query, list."""
