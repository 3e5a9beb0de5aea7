"""The application: `faststream run consumer_options.app:app`. This file is yours; nothing in it ever has to change."""

from .contract.application import build_app

app = build_app()
