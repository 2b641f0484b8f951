"""The app for any WSGI server, `wsgi:app`, and for the command line, `flask --app wsgi`."""

import sys

from tracker import logs
from tracker.app import create_app
from tracker.serve import serve, worker
from tracker.settings import SettingsError

try:
    app = create_app()
except SettingsError as error:
    sys.exit(f"The settings cannot be used.\n{error}")
if app.extensions["settings"].is_production:
    logs.take_over()
app.cli.add_command(serve)
app.cli.add_command(worker)
