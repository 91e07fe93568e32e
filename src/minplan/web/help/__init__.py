"""Help: the tutorial and how-to pages, error codes, keys."""
