"""GIFT, the plain-text question format of Moodle: read and write."""

from question_bank.exchange.gift.grammar import GiftFile, GiftQuestion, parse_gift
from question_bank.exchange.gift.reading import read_items
from question_bank.exchange.gift.writing import gift_text, write_items

__all__ = ["GiftFile", "GiftQuestion", "gift_text", "parse_gift", "read_items", "write_items"]
