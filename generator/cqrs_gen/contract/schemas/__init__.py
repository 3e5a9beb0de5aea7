"""Schemas: what their keywords are, whether they are right, and what values they let through."""
