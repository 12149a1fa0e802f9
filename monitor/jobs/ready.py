"""What is done when all is loaded that jobs are forked from: importing this compiles what was left for later.

The process that forks them imports modules, and does nothing else.
"""

from storage.text.patterns import compile_loaded

compile_loaded()
