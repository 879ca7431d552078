"""Moodle XML, the full question format of Moodle: read and write."""

from question_bank.exchange.moodle_xml.reading import read_items
from question_bank.exchange.moodle_xml.writing import moodle_document, write_items

__all__ = ["moodle_document", "read_items", "write_items"]
