"""`python -m cqrs_gen`."""

import sys

from cqrs_gen.entry import main

sys.exit(main())
