"""The managers' pages of assessments."""
