"""Pure rules of certificates and tiers: no Flask, no database, no clock."""
