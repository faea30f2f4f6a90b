"""Tests of the whole application, by package; `architecture/` keeps what a linter cannot see."""
