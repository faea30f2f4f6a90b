"""Tests of certificates and tiers."""
