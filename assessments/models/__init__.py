"""The tables of assessments."""
