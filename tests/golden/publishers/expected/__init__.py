"""The service Publishers."""
