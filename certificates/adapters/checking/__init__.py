"""The checker of the issuance log: all of it recomputed from evidence, by code that shares nothing with the writers."""
