"""The API of certificates: certificates, tiers, entitlements, work quality."""
