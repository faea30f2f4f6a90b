"""The shapes of content, answer key and response, one module per item type."""
