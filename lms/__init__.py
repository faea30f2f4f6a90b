"""The ground: database, clock, errors, events, outbox, accounts, organisations, audit, web shell."""
