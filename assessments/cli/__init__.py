"""The commands of assessments, a module a group."""
