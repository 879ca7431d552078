"""What can be said about items that QTI files cannot hold as they are."""

from question_bank.exchange.problems import changed, lost

LEFT_OUT = changed("QTI {version} has no {parts}; it was left out of the file")
SHOWN_OTHERWISE = changed("QTI {version} has no element {parts}; its content stays without it")
NO_MARKUP = lost("the item does not say what it asks, so it was left out; edit it and write again")
UNREADABLE_MARKUP = lost("the item's markup cannot be read ({reason}), so the item was left out")
RULE_OF_OTHER_TYPE = lost(
    "the scoring rule {rule} does not belong to the type {type}, so the item was left out"
)
MIXED_BLANK = changed(
    "blank {blank} accepts numbers with a tolerance beside words; other programs may not compare it"
)
UNWRITABLE_SIGNS = changed(
    "the text holds control characters, which XML cannot; they were left out"
)
FILES_NEED_PACKAGE = changed(
    "a single file cannot hold the pictures {names}; write a ZIP package to keep them"
)
ONE_PER_FILE = lost("a single file holds one item, found {count}; write a ZIP package")
REPEATED_IDENTIFIER = lost("another item has this identifier; this one was left out, rename it")
FILE_WITHOUT_CONTENT = changed("the content of the file {name} is not at hand; it was left out")
RECORD_UNUSABLE = changed(
    "the tags of the item cannot be read ({reason}); the item was read without them"
)
