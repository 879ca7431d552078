"""The certificate as a page: canvas, embedded fonts, design and the document around them."""
