"""The service Version 2.0."""
