"""Webhooks: telling other systems what happened, at least once and in order."""
