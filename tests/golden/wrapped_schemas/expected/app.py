"""The application: `faststream run wrapped_schemas.app:app`. This file is yours; nothing in it ever has to change."""

from .contract.application import build_app

app = build_app()
