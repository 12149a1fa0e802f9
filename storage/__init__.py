"""Remember: records, schema, archive, search. Imports nothing else of kohyo."""
