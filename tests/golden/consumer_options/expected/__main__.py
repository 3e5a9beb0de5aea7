"""Run the service: `python -m consumer_options`; its option `--help` says what else there is."""

import sys

from .app import app
from .contract.application import main

if __name__ == "__main__":
    sys.exit(main(app))
