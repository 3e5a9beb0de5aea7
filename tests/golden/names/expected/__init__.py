"""The service Names."""
