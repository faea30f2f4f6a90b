"""What people can ask: read-only queries of assessments."""
