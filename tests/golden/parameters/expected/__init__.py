"""The service Parameters."""
