"""The service Virtual hosts."""
