"""Measures the real server under load: `make bench`. See ../README.md for how to read what it prints."""
