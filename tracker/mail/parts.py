"""The three parts of a mail, each from a template of its own, rendered without any request."""

from typing import Any

from flask import current_app

_FILES = {"subject": "subject.txt", "text": "body.txt", "html": "body.html"}


def parts_of(name: str, **context: Any) -> dict[str, Any]:
    """Return subject, text and HTML of the mail `name`; `base` is the address by which the site is reached."""
    base = current_app.extensions["settings"].public_url
    made: dict[str, Any] = {}
    for part, file in _FILES.items():
        template = current_app.jinja_env.get_template(f"mail/{name}/{file}")
        made[part] = template.render(context, base=base)
    return made | {"subject": " ".join(made["subject"].split())}
