"""Real crawls of lists on loopback."""

from tests.spiders.conftest import site

__all__ = ["site"]
