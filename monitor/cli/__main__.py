"""The program. What it loads stays: to look through that for garbage would take a sixth of its start."""

import gc


def run() -> None:
    """Run the command that was given. From where it is loaded, garbage is collected again."""
    gc.disable()
    from monitor.cli import main

    main()


if __name__ == "__main__":
    run()
