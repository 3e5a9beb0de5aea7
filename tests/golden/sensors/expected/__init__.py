"""The service Sensors."""
