"""The service Rpc."""
