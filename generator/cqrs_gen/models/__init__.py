"""The models: models.py of the package, from the schemas of the payloads to its text."""
