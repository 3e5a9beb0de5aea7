"""Tests of the way from schemas to models."""
