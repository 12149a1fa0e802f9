"""Archives on both engines for the tests of storage."""

from tests.databases import *  # noqa: F403
