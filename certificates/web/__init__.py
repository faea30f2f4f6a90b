"""The pages of certificates and tiers."""
