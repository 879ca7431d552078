"""The workbook of items, as Excel, OpenDocument or CSV: read, write, and the template."""

from question_bank.exchange.workbook.reading import read_items
from question_bank.exchange.workbook.writing import write_items, write_template

__all__ = ["read_items", "write_items", "write_template"]
