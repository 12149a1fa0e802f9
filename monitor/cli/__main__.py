"""The program. What it loads stays: to look through that for garbage would take a sixth of its start."""

import gc

gc.disable()

from monitor.cli import main  # noqa: E402


def run() -> None:
    """Run the command that was given. From where it is loaded, garbage is collected again."""
    main()


if __name__ == "__main__":
    run()
