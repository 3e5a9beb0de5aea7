"""What every generated service shares, whatever its contract: decoding, delivery, dispatch and serving."""
