"""The service Wrapped schemas."""
