"""The service Traits."""
