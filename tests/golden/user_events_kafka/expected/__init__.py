"""The service User events."""
