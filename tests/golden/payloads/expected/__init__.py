"""The service Payloads."""
