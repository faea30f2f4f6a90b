"""Tests of assessments: exchange."""
