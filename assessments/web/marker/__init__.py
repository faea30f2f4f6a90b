"""Pages for markers: the responses that no program can judge."""
