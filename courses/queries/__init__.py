"""What people can ask about courses."""
