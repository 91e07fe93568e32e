"""The plan as values: clauses, zones, blocks, quotas, thresholds, indicators."""
