"""The pages and addresses of signing in to other services."""
