"""Measures of people and of items, beyond the score of one response: agreement between raters."""
