"""Tests that organisations stay apart: row-level security, and the matrix of actors, routes and objects."""
