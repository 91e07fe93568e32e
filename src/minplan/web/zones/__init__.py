"""Zones and blocks: tables with a map, cards with history, edits as changesets, quotas."""
