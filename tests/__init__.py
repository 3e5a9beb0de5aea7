"""Tests; a package, so that the demo, the benchmarks and the tests import the same broker starters."""
