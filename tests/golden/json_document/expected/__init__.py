"""The service Warehouse."""
