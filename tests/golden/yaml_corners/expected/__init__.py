"""The service Corners."""
