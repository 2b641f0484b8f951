"""The words of a fan-out: why a unit cannot be given its part."""

from datetime import date

from tracker.fanouts.actions import Misfit
from tracker.text import N_
from tracker.web import tell

MISFITS = {
    Misfit.TWICE: N_("This unit stands here twice."),
    Misfit.TAKEN: N_("This unit has its part already."),
    Misfit.COLLECTIVE: N_("A group cannot carry out a task: choose the units it lists."),
    Misfit.OUTLIVED: N_("This unit ends before the part falls due."),
    Misfit.LATE: N_("This is later than the parent task's deadline ({day})."),
}
NOT_NOW = N_(
    "It can be given on until it is handed in; a recurring duty and a co-ordinator's part cannot."
)
NOBODY = N_("Choose at least one unit.")
TOO_MANY = N_("At most {most} units at once.")
SERIES = N_("A recurring deadline is set on the task itself, not on a part.")
SUMS = N_("The quotas of “{name}” add up to {total}, not to the target of {target}.")


def why_not(misfit: Misfit, bound: date | None) -> str:
    """Say why a unit cannot be given its part."""
    return tell(MISFITS[misfit], {"day": bound})
