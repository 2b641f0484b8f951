"""The form by which somebody makes an address for their calendar program."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired

from tracker.feeds.models import Covers
from tracker.forms import Form


class FeedForm(Form):
    """Which deadlines, told in which language; the branch only for those who have one."""

    covers = RadioField(_l("Deadlines"), [InputRequired()])
    lang = RadioField(_l("Language"), [InputRequired()])

    def __init__(self, *, has_branch: bool, covers: Covers, lang: str, **more: Any) -> None:
        super().__init__(prefix="feed-", covers=covers.value, lang=lang, **more)
        own = SelectChoice(Covers.OWN.value, _("Of my units, with their parts of others' tasks"))
        branch = SelectChoice(Covers.BRANCH.value, _("Of the whole branch I answer for"))
        self.covers.choices = [own, branch] if has_branch else [own]
        self.lang.choices = [SelectChoice("vi", "Tiếng Việt"), SelectChoice("en", "English")]
