"""Tests of assessments: hands."""
