"""The service Consumer options."""
