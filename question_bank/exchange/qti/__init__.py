"""QTI in and out."""

from question_bank.exchange.qti.reading import read_items
from question_bank.exchange.qti.writer import write_items

__all__ = ["read_items", "write_items"]
