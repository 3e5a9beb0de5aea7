"""The service One event."""
