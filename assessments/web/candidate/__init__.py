"""What candidates see of assessments: tests, attempts, results, practice."""
