"""Pages that everybody may read: start page, tiers, verification."""
