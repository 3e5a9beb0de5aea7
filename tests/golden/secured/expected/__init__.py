"""The service Secured."""
