"""Organisations: the tenants; the public one exists from the first migration on."""
