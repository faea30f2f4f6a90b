"""Accounts: people, their roles, signing in, and their rights over their own data."""
