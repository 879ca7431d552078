"""Every component in all its states on one page, for people who build pages.

Registered in development and test only. The words on it are samples; nothing here reads
or writes data.
"""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template, request
from flask_babel import gettext

from certify.web.auth import public
from certify.web.charts import DimensionEstimate, RadarChart, level_ladder, radar_chart
from certify.web.exam_page import ExamItemPage
from certify.web.navigation import RoomLink
from certify.web.pages.style_samples import sample_exam_page
from certify.web.problems import PROBLEMS, render_problem
from certify.web.viewer import Viewer
from certify.web.vocabulary import DIMENSIONS, LEVELS, ROLE_NAMES

bp = Blueprint("style_guide", __name__, url_prefix="/_style")

THEMES = ("system", "light", "dark")
SAMPLE_CUTS = {"novice": -0.8, "proficient": 0.6, "elite": 1.7}


@bp.get("")
@public
def show_components() -> str:
    """All components; `?theme=` fixes light or dark, `?lang=` the language."""
    return render_template(
        "style_guide/index.html",
        theme=chosen_theme(),
        themes=THEMES,
        viewer=Viewer("sample", gettext("Sample person"), frozenset(ROLE_NAMES)),
        rooms=sample_rooms(),
        dimensions=DIMENSIONS,
        levels=LEVELS,
        sample_address="#page-{}".format,
        full_radar=sample_radar(gaps=False),
        gapped_radar=sample_radar(gaps=True),
        ladder=level_ladder(
            {"none": 0.004, "novice": 0.126, "proficient": 0.81, "elite": 0.06}, "proficient"
        ),
    )


@bp.get("/exam/<item_type>")
@public
def show_exam_page(item_type: str) -> str:
    """The exam page with a sample item; `?seconds=` sets the remaining time."""
    page: ExamItemPage | None = sample_exam_page(
        item_type,
        remaining_seconds=request.args.get("seconds", default=4375.0, type=float),
        confirm_blank="blank" in request.args,
        linear="linear" in request.args,
    )
    if page is None:
        abort(404)
    return render_template("exam/item.html", page=page, theme=chosen_theme())


@bp.get("/problem/<int:status>")
@public
def show_problem(status: int) -> Response:
    """Any designed problem page, as people would see it."""
    return render_problem(PROBLEMS.get(status, PROBLEMS[404]), detail=None)


def chosen_theme() -> str:
    offered = request.args.get("theme", "system")
    return offered if offered in THEMES else "system"


def sample_rooms() -> list[RoomLink]:
    labels = (gettext("My exams"), gettext("Results and certificates"), gettext("Item bank"))
    return [RoomLink(label, "#main", index == 0) for index, label in enumerate(labels)]


def sample_radar(gaps: bool) -> RadarChart:
    figures = ((0.9, 0.24), (1.3, 0.31), (0.4, 0.28), (-0.3, 0.52), (0.8, 0.35), (1.1, 0.27))
    estimates = [
        DimensionEstimate(code, theta, se, evidence_count=round(3 / se), limited=se > 0.5)
        for code, (theta, se) in zip(DIMENSIONS, figures, strict=True)
    ]
    if gaps:
        estimates[1] = DimensionEstimate("S", None, None, 0)
        estimates[4] = DimensionEstimate("R", None, None, 0)
    return radar_chart(estimates, SAMPLE_CUTS)
