"""The service Servers."""
