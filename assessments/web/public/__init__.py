"""What everybody may read of assessments: how answers are scored."""
