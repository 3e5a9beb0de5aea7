"""Bodies that are no plain JSON: a module for each kind, and what tells them apart. Only what is used is imported."""
