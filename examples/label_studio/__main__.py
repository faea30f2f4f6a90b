"""python -m label_studio serve|reconcile SETTINGS.json (from the folder examples/)."""

import sys
from pathlib import Path

from werkzeug.serving import run_simple

from label_studio.following import Following
from label_studio.receiver import make_app
from label_studio.settings import read_settings

PORT = 8200

what, file = sys.argv[1:3]
settings = read_settings(Path(file))
if what == "reconcile":
    for made in Following(settings).reconcile():
        sys.stdout.write(f"project {made.project}: {len(made.add)} added, {len(made.remove)} removed\n")
else:
    run_simple("127.0.0.1", PORT, make_app(settings), threaded=True)
