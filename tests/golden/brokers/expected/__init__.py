"""The service Brokers."""
