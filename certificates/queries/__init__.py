"""What can be asked about achievements, certificates and tiers."""
