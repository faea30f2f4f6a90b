"""What people can do with courses."""
