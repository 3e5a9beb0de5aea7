"""The service Orders."""
