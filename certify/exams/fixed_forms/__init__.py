"""Fixed papers: from a blueprint through a choice of items to a form that never changes."""
