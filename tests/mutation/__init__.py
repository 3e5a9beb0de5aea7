"""Puts mistakes into the modules of delivery, one at a time, and tells which of them no test notices: `make mutate`."""
