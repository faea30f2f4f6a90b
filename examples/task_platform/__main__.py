"""Serves the platform: python -m task_platform SETTINGS.json (from the folder examples/)."""

import sys
from pathlib import Path
from urllib.parse import urlsplit

from werkzeug.serving import run_simple

from task_platform.application import make_app
from task_platform.settings import read_settings

settings = read_settings(Path(sys.argv[1]))
place = urlsplit(settings.url)
run_simple(place.hostname or "127.0.0.1", place.port or 5000, make_app(settings), threaded=True)
