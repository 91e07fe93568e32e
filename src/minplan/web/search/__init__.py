"""The box on every page: everything that can be looked up, in groups."""
