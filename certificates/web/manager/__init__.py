"""Pages on which managers decide on certificates."""
