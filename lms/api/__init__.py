"""The API shell: keys, policy, problem details, pages, idempotency, OpenAPI."""
