"""The headers of every answer: a closed content policy, nothing kept by anybody in between."""

from flask import Flask, Response, request
from secure import (
    ContentSecurityPolicy,
    CrossOriginOpenerPolicy,
    CrossOriginResourcePolicy,
    PermissionsPolicy,
    ReferrerPolicy,
    Secure,
    StrictTransportSecurity,
    XContentTypeOptions,
    XFrameOptions,
)

from tracker.settings import Settings

HTMX_URL = "https://cdn.jsdelivr.net/npm/htmx.org@2.0.10/dist/htmx.min.js"
HTMX_HASH = "sha384-H5SrcfygHmAuTDZphMHqBJLc3FhssKjG7w/CeCpFReSfwBWDTKpkzPP8c+cLsK+V"
KEPT = "public, max-age=31536000, immutable"
_NOT_KEPT = "no-store"


def policy(settings: Settings) -> Secure:
    """Return the headers for these settings; HSTS only where the site is reached by https."""
    scripts = ["'self'", HTMX_URL] if settings.htmx == "cdn" else ["'self'"]
    csp = (
        ContentSecurityPolicy()
        .default_src("'none'")
        .script_src(*scripts)
        .style_src("'self'")
        .img_src("'self'")
        .connect_src("'self'")
        .form_action("'self'")
        .base_uri("'none'")
        .frame_ancestors("'none'")
    )
    return Secure(
        csp=csp,
        coop=CrossOriginOpenerPolicy().same_origin(),
        corp=CrossOriginResourcePolicy().same_origin(),
        referrer=ReferrerPolicy().same_origin(),
        permissions=PermissionsPolicy().geolocation().microphone().camera(),
        xcto=XContentTypeOptions().nosniff(),
        xfo=XFrameOptions().deny(),
        hsts=StrictTransportSecurity().max_age(63072000).include_subdomains()
        if settings.is_secure
        else None,
    )


def init_app(app: Flask) -> None:
    """Set the headers on every answer of `app`."""
    headers = dict(policy(app.extensions["settings"]).headers)

    @app.after_request
    def set_headers(response: Response) -> Response:
        for name, value in headers.items():
            response.headers[name] = value
        if request.endpoint == "static" and "v" in request.args and response.status_code == 200:  # noqa: PLR2004
            response.headers["Cache-Control"] = KEPT
        elif "Cache-Control" not in response.headers or request.endpoint == "static":
            response.headers["Cache-Control"] = _NOT_KEPT
        return response
