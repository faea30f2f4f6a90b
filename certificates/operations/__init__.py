"""What can be done with achievements, certificates and tiers."""
