"""Schematic geometry (示意) made from facts: seats and areas of counties, areas of zones.

Nothing here is surveyed. Everything is deterministic: the same facts give the same geometry, so a
review of the demo can be replayed on any machine.
"""
