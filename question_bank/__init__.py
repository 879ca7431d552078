"""What an item is, how it is tagged and scored, and how it travels. Pure: no I/O but files."""
