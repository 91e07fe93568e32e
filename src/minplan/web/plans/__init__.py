"""Plans: overview, text, versions, deliverables, hand-ins."""
