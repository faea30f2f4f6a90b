"""The outside world: catalogue files."""
