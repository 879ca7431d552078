"""Administrators keep the accounts: who is here, with which roles, and what was changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from certify.errors import InvalidField, OwnAccountProtected, UsernameTaken
from certify.services.administering import (
    LONGEST_NAME,
    MOST_MONTHS,
    SHORTEST_PASSWORD,
    add_person,
    change_person,
    find_faults,
    get_person,
    list_audit_events,
    list_people,
    reset_password,
)
from certify.services.ports import ROLES, Person
from certify.web.auth import (
    LONGEST_PASSWORD,
    current_person,
    keep_login,
    require_roles,
    service_context,
)
from certify.web.i18n import translate_problem
from certify.web.list_address import page_number, pages_of

bp = Blueprint("people", __name__, url_prefix="/people")

LONGEST_SEARCH = 100
LATEST_EVENTS = 10
NO_NUMBER = -1

Errors = list[tuple[str, str]]
Answer = str | Response | tuple[str, int]


@dataclass(frozen=True, slots=True)
class PersonForm:
    """What was entered, as it goes back into the fields."""

    username: str = ""
    display_name: str = ""
    roles: frozenset[str] = field(default_factory=frozenset)
    experience_months: str = "0"
    is_active: bool = True

    @property
    def months(self) -> int:
        """The declared months; a number that no account may have for anything else."""
        text = self.experience_months.strip() or "0"
        return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else NO_NUMBER


@bp.get("")
@require_roles("administrator")
def index() -> str:
    """Everybody with an account, by user name."""
    text = request.args.get("text", "")[:LONGEST_SEARCH].strip()
    role = request.args.get("role", "")
    role = role if role in ROLES else ""
    found = list_people(service_context(), text=text, role=role, number=page_number(), size=30)
    return render_template(
        "people/index.html", found=found, pages=pages_of(), text=text, role=role, roles=ROLES
    )


@bp.get("/new")
@require_roles("administrator")
def new() -> str:
    """An empty form."""
    return show_new(PersonForm(), [])


@bp.post("/new")
@require_roles("administrator")
def add() -> Answer:
    """Create the account, or show the form again with what is to be mended."""
    entered = read_form()
    password = request.form.get("password", "")
    errors = faults_of(entered, password) + password_errors(password)
    if not errors:
        try:
            person = add_person(
                service_context(),
                username=entered.username,
                display_name=entered.display_name,
                password=password,
                roles=entered.roles,
                experience_months=entered.months,
                actor=current_person().username,
            )
        except (InvalidField, UsernameTaken) as problem:
            errors = [explain(problem)]
    if errors:
        return show_new(entered, errors), 422
    flash(gettext("The account “%(username)s” was created.", username=person.username))
    return redirect(url_for("people.show", person_id=person.id), code=303)


@bp.get("/<person_id>")
@require_roles("administrator")
def show(person_id: str) -> str:
    """One account with its latest changes."""
    person = get_person(service_context(), person_id)
    return show_person(person, form_of(person), [], [])


@bp.post("/<person_id>")
@require_roles("administrator")
def change(person_id: str) -> Answer:
    """Save name, roles, experience and whether the account is open."""
    person = get_person(service_context(), person_id)
    entered = replace(read_form(), username=person.username)
    errors = faults_of(entered, None)
    if not errors:
        try:
            change_person(
                service_context(),
                person_id,
                display_name=entered.display_name,
                roles=entered.roles,
                experience_months=entered.months,
                is_active=entered.is_active,
                actor=current_person().username,
            )
        except (InvalidField, OwnAccountProtected) as problem:
            errors = [explain(problem)]
    if errors:
        return show_person(person, entered, errors, []), 422
    flash(gettext("The account was saved."))
    return redirect(url_for("people.show", person_id=person_id), code=303)


@bp.post("/<person_id>/password")
@require_roles("administrator")
def change_password(person_id: str) -> Answer:
    """Give the account another password."""
    person = get_person(service_context(), person_id)
    password = request.form.get("password", "")
    errors = password_errors(password)
    if not errors:
        try:
            reset_password(service_context(), person_id, password, current_person().username)
        except InvalidField as problem:
            errors = [explain(problem)]
    if errors:
        return show_person(person, form_of(person), [], errors), 422
    if person_id == current_person().id:
        keep_login(person_id)
    flash(gettext("“%(username)s” has a new password.", username=person.username))
    return redirect(url_for("people.show", person_id=person_id), code=303)


def read_form() -> PersonForm:
    form = request.form
    return PersonForm(
        username=form.get("username", "").strip(),
        display_name=form.get("display_name", "").strip(),
        roles=frozenset(form.getlist("roles")),
        experience_months=form.get("experience_months", ""),
        is_active=form.get("is_active", "yes") == "yes",
    )


def form_of(person: Person) -> PersonForm:
    return PersonForm(
        username=person.username,
        display_name=person.display_name,
        roles=person.roles,
        experience_months=str(person.experience_months),
        is_active=person.is_active,
    )


def show_new(entered: PersonForm, errors: Errors) -> str:
    return render_template("people/new.html", form=entered, errors=errors, **limits())


def show_person(
    person: Person, entered: PersonForm, errors: Errors, password_faults: Errors
) -> str:
    trail = list_audit_events(service_context(), about=person.username, size=LATEST_EVENTS)
    return render_template(
        "people/person.html",
        person=person,
        form=entered,
        errors=errors,
        password_faults=password_faults,
        trail=trail,
        is_own=person.id == current_person().id,
        **limits(),
    )


def limits() -> dict[str, object]:
    return {
        "roles": ROLES,
        "longest_name": LONGEST_NAME,
        "most_months": MOST_MONTHS,
        "shortest_password": SHORTEST_PASSWORD,
        "longest_password": LONGEST_PASSWORD,
    }


def faults_of(entered: PersonForm, password: str | None) -> Errors:
    """Everything that the rules refuse, each at its field."""
    faults = find_faults(
        username=entered.username,
        display_name=entered.display_name,
        roles=entered.roles,
        experience_months=entered.months,
        password=password,
    )
    return [explain(fault) for fault in faults]


def password_errors(password: str) -> Errors:
    """A second entry that differs, or a password that the login would not read."""
    if password != request.form.get("password_again", ""):
        return [("password_again", gettext("The two passwords differ. Enter both once more."))]
    if len(password) > LONGEST_PASSWORD:
        message = gettext("Enter at most %(num)s characters", num=LONGEST_PASSWORD)
        return [("password", message)]
    return []


def explain(problem: InvalidField | UsernameTaken | OwnAccountProtected) -> tuple[str, str]:
    """The field, and how to mend it."""
    if isinstance(problem, UsernameTaken):
        return "username", translate_problem(problem)
    if isinstance(problem, OwnAccountProtected):
        return "roles", translate_problem(problem)
    name = str(problem.params["field"])
    return name, dict(field_rules())[name]


def field_rules() -> Iterable[tuple[str, str]]:
    """What each field must hold, as an instruction."""
    yield "username", gettext("Enter a user name of 2 to 64 letters, digits or . _ @ -")
    yield (
        "display_name",
        gettext("Enter the name as it shall be printed, 1 to %(num)s characters", num=LONGEST_NAME),
    )
    yield "roles", gettext("Choose at least one role")
    yield (
        "experience_months",
        gettext("Enter whole months from 0 to %(num)s", num=MOST_MONTHS),
    )
    yield "password", gettext("Enter at least %(num)s characters", num=SHORTEST_PASSWORD)
