"""Certificates: achievements, certificates, verification, tiers."""
