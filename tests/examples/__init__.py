"""Tests of the examples, which know Assay only as strangers do."""
