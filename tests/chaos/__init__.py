"""Faults against a running server: simulated candidates, what goes wrong, and a checker of what must hold."""
