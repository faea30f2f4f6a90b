"""The outbox: effects are written with their cause and delivered after the commit, at least once."""
