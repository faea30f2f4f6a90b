"""Courses: tracks, lessons, label guides, and how far each person has read."""
