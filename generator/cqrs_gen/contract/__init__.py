"""The contract: what the document means, with references followed and traits merged."""
