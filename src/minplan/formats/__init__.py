"""Adapters: files of officers to values of the core, one module a format."""
