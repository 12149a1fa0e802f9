"""Evidence to hand over: one ZIP of a change or notice that is checked without kohyo."""
