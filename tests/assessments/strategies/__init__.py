"""Tests of assessments: strategies."""
