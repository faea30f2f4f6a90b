"""Tests of items, tests, attempts, scoring, marking and measurement."""
