"""Commands of the ground: migrate, serve, worker, catalogue."""
