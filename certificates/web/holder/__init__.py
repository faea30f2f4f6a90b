"""Pages of a person's own progress and certificates."""
