"""`certify psychometrics`: the psychometrician's commands."""

import click

from certify.cli.psychometrics.analyse import analyse
from certify.cli.psychometrics.assemble import assemble
from certify.cli.psychometrics.calibrate import calibrate
from certify.cli.psychometrics.dif import dif
from certify.cli.psychometrics.link import link
from certify.cli.psychometrics.score import score
from certify.cli.psychometrics.simulate import simulate


@click.group()
def psychometrics() -> None:
    """Calibrate items, measure people, look at a test from all sides.

    \b
    Tables:
      RESPONSES.csv  person_id, then one column per item: whole numbers from 0, blank = not given
      PARAMS.csv     item_id, model, a, b, c, d, b1..bk, dimension, se_a, se_b, se_c
      THETA.csv      person_id, theta, se, flags
    """


for command in (calibrate, score, analyse, link, dif, assemble, simulate):
    psychometrics.add_command(command)
