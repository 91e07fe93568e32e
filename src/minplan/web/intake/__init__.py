"""Intake of a review: from anything pasted, dropped or drawn to a case that is submitted."""
