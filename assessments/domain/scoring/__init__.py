"""How responses are scored, one module per item type: pure functions on exact fractions."""
