"""The application: `faststream run contents.app:app`. This file is yours; nothing in it ever has to change."""

from .contract.application import build_app

app = build_app()
