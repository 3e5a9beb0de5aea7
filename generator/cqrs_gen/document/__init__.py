"""The document as it is written: data whose every value knows its place. Knows nothing of AsyncAPI."""
