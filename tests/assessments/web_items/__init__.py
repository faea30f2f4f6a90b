"""Tests of how the item types look and behave in the page."""
