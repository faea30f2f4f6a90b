"""The pages of the API: its documentation, and the keys that managers make."""
