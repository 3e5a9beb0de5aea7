"""The application: `faststream run avro.app:app`. This file is yours; nothing in it ever has to change."""

from .contract.application import build_app

app = build_app()
