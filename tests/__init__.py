"""Tests of the product; the folders under `unit` mirror the folders of the code."""
