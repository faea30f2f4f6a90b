"""Pure rules of courses."""
