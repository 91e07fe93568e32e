"""A deliverable checked as a whole: submission assembled, checks run, report written, stored."""
