"""Logging in and out, passwords, accounts, tokens."""
