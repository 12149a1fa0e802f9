"""The course of an incident, joined once for pages, API and command line. In no language."""
