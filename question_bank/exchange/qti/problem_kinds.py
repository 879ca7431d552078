"""What can be said about QTI files that were read: one kind of problem per sentence."""

from question_bank.exchange.problems import changed, lost, noted

NOT_SUPPORTED = lost(
    "{features} is not part of QTI and not supported; the item was taken over and cannot be scored"
)
PARTLY_SUPPORTED = changed(
    "{features} is not supported and gives no value; people must mark this item"
)
ENDLESS = lost("the rules of this item do not come to an end; the item cannot be scored")
UNKNOWN_TEMPLATE = lost(
    "the response processing template {address} is not known; the item cannot be scored"
)
UNSHOWABLE = changed("{features} cannot be shown; the item is kept and people must mark it")
NO_IDENTIFIER = noted("the item has no identifier that fits; it was given the identifier {name}")
RENAMED = noted("the identifier {name} is taken by another item; this one is called {renamed}")
REPEATED = noted("the same item stands in the package again; it was taken over once")
NO_BODY = noted("the item has no text and no interaction; it was taken over as it is")
NO_RULES = noted(
    "the file does not say how responses are scored; the right answer counts, one point"
)
UNREAD_INTERACTION = noted(
    "an interaction names the response {identifier}, which is not declared; it earns nothing"
)
ELSEWHERE = noted("{address} lies outside the file and was not fetched; the reference is kept")
MISSING_FILE = changed("{name} is named by the item and is not in the package")
NOT_IN_FILE = noted("{name} is not part of the file; the reference is kept")
LARGE_FILE = changed("{name} is larger than {limit} MB and was left out; the reference is kept")
MISSING_INCLUSION = changed("{address} is to be included and is not in the package; it is missing")
TEST_LEFT_OUT = noted(
    "the test {title} was read for the order of its {count} items; left out was: {parts}"
)
NO_ITEM_FILE = changed("{name} is named by a test or manifest and is not in the package")
NOT_AN_ITEM = noted("{name} holds the element {element}, which is no item; it was left out")
VERSION_ONE = lost("QTI 1.x cannot be read here; convert the file to QTI 2.1 or later")
FILES_LEFT_OUT = noted("{count} files of the package belong to no item and were left out: {names}")
