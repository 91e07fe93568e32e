"""The first page: start a check, see one's own work."""
