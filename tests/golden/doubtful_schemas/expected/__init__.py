"""The service Doubtful schemas."""
