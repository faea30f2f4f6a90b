"""Tests of the clock of an attempt: accommodations, breaks, outages."""
