"""Generates a python-cqrs service on FastStream from an AsyncAPI contract."""

__version__ = "0.1.0"
