"""Checking whether a figure of its own can be entered for a measure."""

from flask_babel import gettext as _

from tracker.measures import queries
from tracker.measures.figure_door import why_not
from tracker.measures.models import Measure
from tracker.tasks.models import Task
from tracker.text import N_

DROPPED = N_("This target is no longer followed.")
SUMMED = N_("This figure is the sum of what the units report; each enters its own.")
LISTED = N_("The units of this list are ticked off one by one.")
HANDED_OVER = N_(
    "What is handed over is stated by the unit that hands it over, and confirmed here."
)


def why_no_figure(measure: Measure, task: Task) -> str:
    """Say what keeps a figure from being entered here, nothing where nothing does."""
    if measure.is_dropped:
        return str(_(DROPPED))
    if measure.over_id is not None:
        return str(_(LISTED))
    if queries.is_received(measure):
        return str(_(HANDED_OVER))
    return str(_(SUMMED)) if queries.figure_of(measure).parts else why_not(task)
