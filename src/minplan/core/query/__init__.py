"""Queries as values: what is asked of a layer or register, in words, and its evaluation."""
