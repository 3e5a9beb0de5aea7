"""The runtime is tested as the files that are copied into packages: `import runtime` finds the templates."""

import sys
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parents[3] / "templates"
sys.path.insert(0, str(TEMPLATES))
