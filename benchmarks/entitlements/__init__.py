"""What an entitlement check costs, with a million persons and two million certificates."""
