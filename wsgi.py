"""WSGI entry point for production servers: `gunicorn wsgi:app`."""

import os

from certify.bootstrap import Installation
from certify.config import load_config

app = Installation(load_config(os.environ)).web_application
