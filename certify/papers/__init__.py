"""Printing fixed papers: the paper, its answer sheet and its key, each as a PDF of its own."""
