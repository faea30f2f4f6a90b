"""The tables of achievements, certificates and tiers."""
