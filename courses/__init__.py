"""Courses: courses, lessons, progress; the shipped catalogue."""
