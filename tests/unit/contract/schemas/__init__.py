"""Tests of the check and the reading of schemas."""
