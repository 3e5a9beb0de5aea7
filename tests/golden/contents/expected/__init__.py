"""The service Contents."""
