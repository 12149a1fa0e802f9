"""Steps of the schema. They are run when an archive is opened: see storage/schema.py."""

HEAD = "0024"
"""The revision this kohyo works with; the newest file in versions/."""
