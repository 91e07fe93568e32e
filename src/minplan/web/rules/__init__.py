"""The rules of the review as pages."""
