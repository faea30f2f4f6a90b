"""Claims & Pay: a small task platform that asks Assay who may do its paid work."""
