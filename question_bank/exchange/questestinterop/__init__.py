"""QTI 1.x in: `questestinterop` documents and their dialects, turned into QTI 3.0."""
