"""Real crawls of lists on loopback, and archives on both engines."""

from tests.databases import *  # noqa: F403
from tests.spiders.conftest import site as site
