"""Archives on both engines for the tests of the tracker."""

from tests.databases import *  # noqa: F403
