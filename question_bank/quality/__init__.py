"""The quality audit: what statistics over a whole bank show, beyond the checks of each item."""
