"""Tests of assessments: authoring."""
