"""The service Told apart."""
