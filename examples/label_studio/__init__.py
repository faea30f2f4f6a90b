"""Tiers of Assay as membership in projects of Label Studio."""
