"""What can be said about QTI 1.x files that were read: one kind of problem per sentence."""

from question_bank.exchange.problems import changed, lost, noted

UNKNOWN_CONDITION = changed(
    "the condition {element} of QTI 1.x has no counterpart and never holds; check the scoring"
)
STRAY_RESPONSE = changed(
    "a condition asks for the response {identifier}, which the item does not have; it never holds"
)
STRAY_TAKEN = changed(
    "a condition asks for the response {identifier}, which the item does not have; {instead} was "
    "taken for it"
)
UNKNOWN_ANSWER = changed(
    "a condition names the answer {answer}, which is not offered; it never holds"
)
UNKNOWN_ACTION = changed("the score action {action} is not known; it was left out")
TEXT_ONLY = noted("the item asks nothing; it was taken over as a text without points")
NO_SCORING = changed("the file does not say what is right; people must mark this item")
NO_VALUES = changed(
    "the formula has no table of values, so no question can be drawn from it; add the values"
)
NEAR_ENOUGH = changed(
    "answers that differ in {distance} letters were accepted; here the text must be the same"
)
PATTERN = changed("the pattern {pattern} is in another dialect; check that it fits the same texts")
POINTS_FROM_PERCENT = noted("the file gives a percentage only; the item is worth {points} point(s)")
SEVERAL_SCORES = noted("the item adds to several scores ({names}); their sum is its score")
REPAIRED = changed(
    "not well-formed XML ({reason}); it was read as far as it could be understood, check the items"
)
NO_ITEM = lost("the document {element} holds no item; nothing was taken over")
SECTIONS_LEFT_OUT = noted(
    "{count} sections or tests order the items and set rules for them; only the items were read"
)
REFERENCE_LEFT_OUT = changed("{address} is a reference to an item elsewhere; it was not followed")
