"""Assessments: items, tests, attempts, scoring, marking and measurement."""
