"""What people can do: write operations of assessments."""
