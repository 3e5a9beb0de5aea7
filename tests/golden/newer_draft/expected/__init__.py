"""The service schemas."""
