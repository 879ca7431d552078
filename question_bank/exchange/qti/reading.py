"""QTI files, folders and packages -> items. The door of the format; see `read_items`."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from question_bank.errors import ArchiveError, MarkupError, UnreadableMarkup
from question_bank.exchange.drafts import settled, with_files
from question_bank.exchange.markup_reader import LARGEST_DOCUMENT, MEGABYTE, read_markup
from question_bank.exchange.problems import (
    NO_SUCH_FILE,
    NOTHING_FOUND,
    TOO_LARGE,
    UNREADABLE_FILE,
    Problem,
    ProblemSeverity,
    problem_of_error,
)
from question_bank.exchange.qti.inclusions import Inclusions
from question_bank.exchange.qti.item_text import markdown_of
from question_bank.exchange.qti.items import ReadItem, item_of
from question_bank.exchange.qti.own_record import (
    UnusableRecord,
    element_records,
    instruction_record,
    restored,
)
from question_bank.exchange.qti.packages import Contents, ordered_items, test_problems
from question_bank.exchange.qti.problem_kinds import (
    FILES_LEFT_OUT,
    MISSING_FILE,
    NOT_AN_ITEM,
    NOT_IN_FILE,
    RENAMED,
    REPEATED,
)
from question_bank.exchange.qti.resources import LARGEST_FILE, resources_of
from question_bank.exchange.qti.sources import Source, found_name, opened_source
from question_bank.exchange.qti.version_1 import read_questestinterop
from question_bank.exchange.qti.writing_problems import RECORD_UNUSABLE
from question_bank.exchange.questestinterop.problem_kinds import REPAIRED
from question_bank.exchange.questestinterop.repairing import repaired_document
from question_bank.item import Item, Stimulus
from question_bank.qti.item_reader import ITEM, item_from_tree, read_item
from question_bank.qti.normalising import normalised
from question_bank.qti.tree import Node

FORMAT = "QTI"
_MARKUP = (".xml", ".qti")
_NAMES_SHOWN = 8
Result = tuple[tuple[Item, ...], tuple[Problem, ...]]


def read_items(path: Path | str) -> Result:
    """The items of a QTI file (2.0 to 3.0, and 1.x), of a folder, or of a content package.

    Items come in the order in which a test or the manifest lists them, each with its markup in
    the spelling of QTI 3.0, and in a native type where one says the same. Never raises for bad
    content: an unreadable file is a problem, and the others are read.
    """
    path = Path(path)
    try:
        with opened_source(path) as source:
            return _Package(source, path.name).read()
    except FileNotFoundError:
        return (), (NO_SUCH_FILE.at(path.name),)
    except ArchiveError as error:
        return (), (problem_of_error(error, path.name),)
    except OSError as error:
        return (), (UNREADABLE_FILE.at(path.name, reason=error.strerror or str(error)),)


class _Package:
    """One exchange: what was read, what was used, and what there is to say."""

    def __init__(self, source: Source, name: str) -> None:
        self._source = source
        self._name = name
        self._names = frozenset(source.names)
        self._problems: list[Problem] = []
        self._items: dict[str, Item] = {}
        self._used: set[str] = set()
        self._version_one: dict[str, str] = {}
        self._records: dict[str, str] = {}
        self._is_single = len(self._names) == 1

    def read(self) -> Result:
        contents = self._parsed()
        self._records = _records(contents)
        order, missing = ordered_items(contents, self._names)
        for name in order:
            self._take(name, contents)
        for name in sorted(contents.version_one, key=lambda name: "non_cc_" not in name):
            self._take_version_one(name, contents.version_one[name])
        self._problems += [*missing, *test_problems(contents)]
        self._close(contents)
        return tuple(self._items.values()), tuple(self._problems)

    def _parsed(self) -> Contents:
        contents = Contents()
        for name in self._source.names:
            if name.lower().endswith(_MARKUP) or self._is_single:
                try:
                    self._sort(name, self._tree(name), contents)
                except (MarkupError, ArchiveError) as error:
                    self._problems.append(problem_of_error(error, name))
                except OSError as error:
                    reason = error.strerror or str(error)
                    self._problems.append(UNREADABLE_FILE.at(name, reason=reason))
        return contents

    def _tree(self, name: str) -> Node:
        if self._source.size(name) > LARGEST_DOCUMENT:
            self._problems.append(TOO_LARGE.at(name, most=LARGEST_DOCUMENT // MEGABYTE))
            return Node("")
        content = self._source.read(name)
        try:
            return read_markup(content, name)
        except UnreadableMarkup as error:
            root = repaired_document(content)
            if root is None:
                raise
            self._problems.append(REPAIRED.at(name, reason=str(error.params["reason"])))
            return root

    def _sort(self, name: str, raw: Node, contents: Contents) -> None:
        if raw.name == "questestinterop":
            contents.version_one[name] = raw
            return
        root = normalised(raw)
        kinds = {
            "qti-assessment-item": contents.items,
            "qti-assessment-test": contents.tests,
            "qti-assessment-section": contents.sections,
            "qti-assessment-stimulus": contents.stimuli,
            "manifest": contents.manifests,
        }
        if root.name in kinds:
            kinds[root.name][name] = root
        elif within := _items_within(root):
            contents.items |= {f"{name}#{at}": node for at, node in enumerate(within, 1)}
        elif root.name:
            contents.other[name] = root.name

    def _take(self, name: str, contents: Contents) -> None:
        inclusions = Inclusions(name, self._source, self._names)
        root = inclusions.resolved(contents.items[name])
        self._problems += inclusions.problems
        self._used |= {name, name.rpartition("#")[0], *inclusions.used}
        found = item_of(item_from_tree(root, name), name)
        stimulus, nodes = self._stimulus(root, name, contents)
        item = replace(found.item, stimulus=stimulus)
        resources = resources_of((root,), name, self._source, self._names, item.id)
        self._used |= resources.used
        item = with_files(item, resources.files)
        for file, node in nodes:
            shared = resources_of((node,), file, self._source, self._names, item.id)
            self._used |= shared.used
            item = with_files(item, shared.files)
            self._problems += shared.problems
        told = (*found.problems, *resources.problems)
        self._keep(self._with_record(ReadItem(item, told), root, name), name)

    def _with_record(self, found: ReadItem, root: Node, name: str) -> ReadItem:
        """The item as the record beside it says, where we wrote one."""
        record = self._records.get(name, "")
        if not record and self._is_single and name in self._names:
            record = instruction_record(self._source.read(name).decode("utf-8", "replace"))
        if not record:
            return found
        try:
            item, is_whole = restored(found.item, root, record, self._content)
        except UnusableRecord as error:
            problem = RECORD_UNUSABLE.at(name, item_id=found.item.id, reason=str(error))
            return ReadItem(found.item, (*found.problems, problem))
        return ReadItem(item, () if is_whole else found.problems)

    def _content(self, name: str) -> bytes | None:
        if name not in self._names or self._source.size(name) > LARGEST_FILE:
            return None
        self._used.add(name)
        return self._source.read(name)

    def _stimulus(
        self, root: Node, file: str, contents: Contents
    ) -> tuple[Stimulus | None, list[tuple[str, Node]]]:
        """The shared texts that an item refers to, as one."""
        found: list[tuple[str, Node]] = []
        for reference in root.all("qti-assessment-stimulus-ref"):
            name = found_name(reference.get("href"), file, self._names)
            if name in contents.stimuli:
                self._used.add(name)
                found.append((name, contents.stimuli[name]))
            else:
                kind = NOT_IN_FILE if self._is_single else MISSING_FILE
                self._problems.append(kind.at(file, name=reference.get("href")))
        if not found:
            return None, []
        first = found[0][1]
        text = "\n\n".join(markdown_of([node]) for _, node in found)
        stimulus_id = first.get("identifier").strip() or found[0][0]
        return Stimulus(stimulus_id[:64], first.get("title").strip(), text), found

    def _keep(self, found: ReadItem, file: str) -> None:
        item = settled(found.item)
        held = self._items.get(item.id)
        if held is not None:
            if held == item:
                self._problems.append(REPEATED.at(file, item_id=item.id))
                return
            renamed = self._free_id(item.id)
            self._problems.append(RENAMED.at(file, item_id=renamed, name=item.id, renamed=renamed))
            item = replace(item, id=renamed)
        self._items[item.id] = item
        self._problems += found.problems

    def _free_id(self, taken: str) -> str:
        number = 2
        while f"{taken[:58]}-{number}" in self._items:
            number += 1
        return f"{taken[:58]}-{number}"

    def _take_version_one(self, name: str, root: Node) -> None:
        self._used.add(name)
        items, problems = read_questestinterop(root, name, self._names)
        self._problems += problems
        for item in items:
            if self._stands_elsewhere(item, name):
                self._problems.append(REPEATED.at(name, item_id=item.id))
                continue
            self._version_one.setdefault(item.id, name)
            tree = (read_item(item.markup).root,)
            resources = resources_of(tree, name, self._source, self._names, item.id)
            self._used |= resources.used
            item = with_files(item, resources.files)
            self._keep(ReadItem(item, resources.problems), name)

    def _stands_elsewhere(self, item: Item, name: str) -> bool:
        """Whether another file has the item in another dialect, as Canvas writes its quizzes."""
        held = self._items.get(item.id)
        return (
            held is not None
            and self._version_one.get(item.id, name) != name
            and (_same_words(held.stem, item.stem))
        )

    def _close(self, contents: Contents) -> None:
        """Say what was not used, and where nothing was found at all."""
        for name, element in contents.other.items():
            if name not in self._used:
                self._problems.append(NOT_AN_ITEM.at(name, element=element, name=name))
        known = {*contents.tests, *contents.manifests, *contents.sections, *contents.other}
        rest = sorted(self._names - self._used - known - set(contents.stimuli))
        unread = {problem.file for problem in self._problems}
        rest = [name for name in rest if name not in unread]
        if rest and not self._is_single:
            shown = ", ".join(rest[:_NAMES_SHOWN]) + (", …" if len(rest) > _NAMES_SHOWN else "")
            self._problems.append(FILES_LEFT_OUT.at(self._name, count=len(rest), names=shown))
        if not self._items and not any(_errors(self._problems)):
            self._problems.append(NOTHING_FOUND.at(self._name, format=FORMAT))


def _records(contents: Contents) -> dict[str, str]:
    """The records of all manifests by the name of the item file."""
    return {
        posixpath.normpath(posixpath.join(posixpath.dirname(name), href)): record
        for name, root in contents.manifests.items()
        for href, record in element_records(root).items()
    }


def _items_within(root: Node) -> list[Node]:
    """Items that a file holds below a root of its own."""
    return [node for node in root.walk() if node.name == ITEM]


def _same_words(one: str, other: str) -> bool:
    """Whether two stems differ in marks and blanks at most."""
    return re.sub(r"\W|_", "", one) == re.sub(r"\W|_", "", other)


def _errors(problems: list[Problem]) -> Iterator[bool]:
    return (problem.severity is ProblemSeverity.ERROR for problem in problems)
