"""The commands of certificates, a module a group."""
