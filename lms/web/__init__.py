"""The web shell: application, policy of routes, errors as pages, headers, static files, health."""
