"""The API of assessments: tests and released results."""
