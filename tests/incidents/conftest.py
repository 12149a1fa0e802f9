"""Archives on both engines for the tests of links."""

from tests.databases import *  # noqa: F403
