"""Mail: written to the outbox with its cause, sent after the commit."""
