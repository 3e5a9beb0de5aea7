"""The service Not yet."""
