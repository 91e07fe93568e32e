"""Drivers: one module per format, each with a ``DRIVER`` that detects, opens and writes."""
