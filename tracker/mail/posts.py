"""Which way out the settings name."""

from collections.abc import Callable
from ipaddress import ip_address

from tracker.mail.folder import FolderPost
from tracker.mail.messages import domain_of
from tracker.mail.smtp import PATIENCE, Patience, SmtpPost
from tracker.settings import Settings


def post_of(
    settings: Settings,
    *,
    patience: Patience = PATIENCE,
    reach: Callable[[str], None] = lambda _point: None,
) -> SmtpPost | FolderPost:
    """Return the mail server of SMTP_URL, or the folder of files where there is none."""
    if settings.smtp_url is None:
        return FolderPost(settings.instance_path / "mail", reach=reach)
    greet_as = _name_of_ours(domain_of(settings.public_url))
    return SmtpPost(settings.smtp_url, greet_as=greet_as, patience=patience, reach=reach)


def _name_of_ours(domain: str) -> str:
    """Return how we greet a server: an address stands in brackets there."""
    try:
        return f"[{ip_address(domain)}]"
    except ValueError:
        return domain
