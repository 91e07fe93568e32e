"""The review desk: cases from submission to archive, stored reviews, many blocks at once."""
