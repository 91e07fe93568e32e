"""Quality checks of deliverables: upload, progress, faults, waivers, comparison, reports."""
