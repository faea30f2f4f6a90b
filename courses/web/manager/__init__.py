"""The managers’ pages of courses."""
