"""The service Parcels."""
