"""OpenID Connect: signing people in to other systems."""
