"""Talking about an item: threads of comments, open until somebody resolves them."""

from collections.abc import Sequence
from dataclasses import dataclass

from certify.errors import InvalidField, NotFound, Phrase
from certify.services.acting import TEACHER, Actor
from certify.services.context import ServiceContext
from certify.services.ports import StoredComment
from certify.services.versioning import find_item, note_event

LONGEST_COMMENT = 4000


@dataclass(frozen=True, slots=True)
class CommentThread:
    """A comment and what was answered, oldest first."""

    first: StoredComment
    replies: tuple[StoredComment, ...]

    @property
    def is_open(self) -> bool:
        """Whether nobody has resolved it."""
        return self.first.resolved_at is None


def list_comments(context: ServiceContext, item_id: str) -> tuple[CommentThread, ...]:
    """The threads about an item, open ones first, each in the order of time. Raises NotFound."""
    with context.database.reading() as work:
        find_item(work, item_id)
        comments = work.comments.of_item(item_id)
    threads = [
        CommentThread(one, _replies(comments, one)) for one in comments if one.reply_to is None
    ]
    return tuple(sorted(threads, key=lambda thread: not thread.is_open))


def add_comment(
    context: ServiceContext, item_id: str, text: str, *, actor: Actor, reply_to: int | None = None
) -> StoredComment:
    """Say something about the newest version of an item, or answer in a thread.

    An answer opens a resolved thread again. Raises NotPermitted, NotFound or InvalidField.
    """
    actor.require(TEACHER)
    text = text.strip()
    if not 0 < len(text) <= LONGEST_COMMENT:
        expected = Phrase("1 to {highest} characters", {"highest": LONGEST_COMMENT})
        found = Phrase("{count} characters", {"count": len(text)})
        raise InvalidField(field="text", expected=expected, found=found)
    with context.database.writing() as work:
        newest = find_item(work, item_id)
        first = work.comments.get(reply_to) if reply_to is not None else None
        if reply_to is not None and (first is None or first.item_id != item_id):
            raise NotFound(kind="Comment", identifier=reply_to)
        added = work.comments.add(
            StoredComment(
                id=0,
                item_id=item_id,
                version=newest.version,
                # an answer to an answer stands in the same thread
                reply_to=(first.reply_to or first.id) if first else None,
                author=actor.name,
                text=text,
                created_at=context.clock(),
                resolved_at=None,
                resolved_by="",
            )
        )
        if added.reply_to is not None:
            work.comments.set_resolved(added.reply_to, None, "")
        note_event(context, work, actor.name, "item.comment", item_id, f"#{added.id}")
        work.commit()
    return added


def resolve_comment(
    context: ServiceContext, comment_id: int, *, actor: Actor, is_resolved: bool = True
) -> StoredComment:
    """Resolve the thread that a comment stands in, or open it again.

    Raises NotPermitted or NotFound.
    """
    actor.require(TEACHER)
    with context.database.writing() as work:
        comment = work.comments.get(comment_id)
        if comment is None:
            raise NotFound(kind="Comment", identifier=comment_id)
        first = comment.reply_to or comment.id
        at = context.clock() if is_resolved else None
        work.comments.set_resolved(first, at, actor.name if is_resolved else "")
        resolved = work.comments.get(first)
        action = "item.comment_resolve" if is_resolved else "item.comment_reopen"
        note_event(context, work, actor.name, action, comment.item_id, f"#{first}")
        work.commit()
    return resolved or comment


def _replies(comments: Sequence[StoredComment], first: StoredComment) -> tuple[StoredComment, ...]:
    return tuple(one for one in comments if one.reply_to == first.id)
