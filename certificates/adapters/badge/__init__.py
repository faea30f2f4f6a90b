"""Pictures of a certificate for other places: its badge, with the credential baked in, and the card of its link."""
