"""The outside world of courses: track folders and Markdown."""
