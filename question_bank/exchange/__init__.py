"""Doors through which items come in and go out, one module per format."""
