"""The form by which mail that was held is released."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired

from tracker.forms import Form

SEND, LEAVE_OUT = "send", "leave"


class ReleaseForm(Form):
    """What is to become of the mails that have waited."""

    waiting = RadioField(
        _l("Mails that have waited"),
        [InputRequired()],
        choices=[
            SelectChoice(
                LEAVE_OUT, _l("Leave them out: after a restore they may have been sent before")
            ),
            SelectChoice(SEND, _l("Send them")),
        ],
    )
