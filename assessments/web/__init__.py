"""The pages of assessments, by audience."""
