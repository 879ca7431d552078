"""Which fixed forms a session gives, how they are sat, and which candidate gets which of them.

Forms are named by their digests; nothing here reads one.
"""

import re
from dataclasses import dataclass

from certify.exams.draws import seeded_draw

MOST_FORMS = 10
MOST_BREAK_MINUTES = 60
_LAST_NUMBER = re.compile(r"[0-9]+(?=[^0-9]*$)")
_DIGITS = 9
"""Of a seat's number that are read: no room has more seats."""


@dataclass(frozen=True, slots=True)
class SessionPaper:
    """The paper of a session: one form for all, or several parallel ones.

    `is_shuffled`: everybody has the items of each section in an order of their own. With
    `theory_first` an adaptive part comes before the form, with a break of `break_minutes`.
    """

    forms: tuple[str, ...]
    is_shuffled: bool = False
    theory_first: bool = False
    break_minutes: int = 0

    def form_of(self, session_id: str, room: str, seat: str, seed: str) -> str:
        """The digest of the form for a seat: seats with numbers one apart get different forms.

        Which form a room begins with is drawn by session and room. A seat without a number gets
        the form that the attempt's seed draws.
        """
        found = _LAST_NUMBER.search(seat)
        if found is None:
            return self.forms[seeded_draw(seed, 0, len(self.forms), "paper form")]
        first = seeded_draw(session_id, 0, len(self.forms), f"paper form of {room}")
        return self.forms[(first + int(found[0][-_DIGITS:])) % len(self.forms)]
