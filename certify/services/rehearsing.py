"""Rehearsing an adaptive exam: parameters and wishes in, simulated exams and their report out."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from certify.grading.publishing import publish
from certify.psychometrics.estimating.multidimensional import MultivariatePrior
from certify.psychometrics.simulating.populations import draw_examinees
from certify.psychometrics.simulation import simulate, tuned_eligibility
from certify.services.calibrating import Progress
from certify.workbench.assembly_tables import attributed
from certify.workbench.calibration_report import json_bytes
from certify.workbench.errors import NotComputable
from certify.workbench.findings import Finding
from certify.workbench.parameter_reading import read_parameters
from certify.workbench.population_file import PopulationPrior, read_population
from certify.workbench.simulation_design import CRITERIA, ExamWishes, exam_design
from certify.workbench.simulation_results import (
    SimulationResults,
    answers_bytes,
    examinees_bytes,
    exposure_bytes,
    simulation_report,
)
from certify.workbench.text_tables import file_bytes

__all__ = ["CRITERIA", "ExamWishes", "Rehearsal", "RehearsalRequest", "rehearse", "write_rehearsal"]


@dataclass(frozen=True, slots=True)
class RehearsalRequest:
    """Which exam, how many examinees, from which population (N(0, I) unless a report says)."""

    parameters: Path
    examinees: int
    seed: int
    wishes: ExamWishes
    attributes: Path | None = None
    population: Path | None = None
    group: str | None = None


@dataclass(frozen=True)
class Rehearsal:
    """The exams, their figures, and what was left out of the bank."""

    results: SimulationResults
    report: Mapping[str, object]
    findings: tuple[Finding, ...] = field(default=())


def rehearse(request: RehearsalRequest, progress: Progress) -> Rehearsal:
    """Simulate. Raises WorkbenchError or a file error of `certify.grading`."""
    parameters = read_parameters(file_bytes(request.parameters), request.parameters.name)
    table = request.attributes
    file = parameters.file if table is None else table.name
    bank = attributed(parameters, None if table is None else file_bytes(table), file)
    dimensions = bank.parameters.dimensions
    prior = PopulationPrior.standard(len(dimensions))
    if request.population is not None:
        content = file_bytes(request.population)
        prior = read_population(content, request.population.name, dimensions, request.group)
    population = MultivariatePrior(prior.mean, prior.covariance)
    seeds = [int(state) for state in np.random.SeedSequence(request.seed).generate_state(4)]
    examinees, earlier = (
        draw_examinees(population, request.examinees, np.random.default_rng(seed))
        for seed in seeds[:2]
    )
    try:
        design = exam_design(bank, prior, request.wishes, file)
        progress("Simulating", 0, 0)
        rule = design.exposure.eligibility
        if rule is not None:
            # an exam in operation has counts of candidates before; so has this one
            counts = tuned_eligibility(design, bank.parameters.items, earlier, seeds[2])
            policy = replace(design.exposure, eligibility=replace(rule, counts=counts))
            design = replace(design, exposure=policy)
        exams = simulate(design, bank.parameters.items, examinees, seeds[3])
        results = SimulationResults(exams, bank.parameters, request.wishes.cuts, request.seed)
        report = simulation_report(results)
    except ValueError as error:
        raise NotComputable(file=parameters.file, reason=error) from error
    return Rehearsal(results, report, bank.findings)


def write_rehearsal(found: Rehearsal, directory: Path, progress: Progress) -> tuple[str, ...]:
    """Write tables, plots, report.json and index.html. Raises OutputNotWritable."""
    # matplotlib takes a second to import, which other commands need not wait for
    from certify.workbench.drawing import drawing_style
    from certify.workbench.page_templates import image, page_template
    from certify.workbench.simulation_plots import simulation_plots

    progress("Drawing", 0, 0)
    with drawing_style():
        plots = simulation_plots(found.results)
    page = page_template("simulation.html").render(
        file=found.results.parameters.file,
        report=found.report,
        images={name: image(content) for name, content in plots.items()},
    )
    files = {
        "examinees.csv": examinees_bytes(found.results),
        "exposure.csv": exposure_bytes(found.results),
        "responses.csv": answers_bytes(found.results),
        "report.json": json_bytes(found.report),
        **plots,
        "index.html": page.encode(),
    }
    publish(files, directory)
    return tuple(files)
