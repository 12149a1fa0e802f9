"""The process that opens PDF and Office files, so that a hostile one can hurt nobody else.

Run by its path and free of imports of ours: it starts fast and holds nothing worth losing. It reads
requests (a length line, then the bytes) on standard input and answers each with a line of JSON.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import threading
import time
from typing import Any

MEMORY_BYTES = 192 << 20
"""Address space that the process may have; 35 MB are its own, and a file is at most 32 MB."""
CPU_SECONDS = 25
"""Of one file: a little more than whoever asks waits."""
MAX_PAGES = 400
MAX_CHARS = 3_000_000
MAX_STAMP_CHARS = 60  # fewer characters than this on a page-wide picture are no text layer


def extract_pdf(data: bytes) -> dict[str, Any]:
    """Read the text of each page, the stated title, and what stopped the reading."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        return {"error": str(error)}
    try:
        count = len(document)
        pages: list[str] = []
        chars = scanned = 0
        for number in range(min(count, MAX_PAGES)):
            page = document[number]
            text = page.get_textpage().get_text_bounded()
            scanned += len(text) < MAX_STAMP_CHARS and _is_picture(page)
            page.close()
            pages.append(text)
            chars += len(text)
            if chars > MAX_CHARS:
                break
        title = document.get_metadata_value("Title")
        return {"count": count, "pages": pages, "scanned": scanned, "title": title}
    except pypdfium2.PdfiumError as error:
        return {"error": str(error)}
    finally:
        document.close()


def extract_office(data: bytes) -> dict[str, Any]:
    """Read the lines of a Word or Excel file."""
    # It stands beside this script, which is run by its path.
    import office_lines  # type: ignore[import-not-found]

    return dict(office_lines.extract(data))


def _is_picture(page: Any) -> bool:
    """Tell whether one picture fills the page: a scan, perhaps with a stamp on it."""
    width, height = page.get_size()
    for item in page.get_objects(filter=[3], max_depth=3):
        left, bottom, right, top = item.get_bounds()
        if (right - left) * (top - bottom) > 0.6 * width * height:
            return True
    return False


def _end_with(parent: int) -> None:
    """End this process soon after the one that asks, whatever a file makes it do."""
    while os.getppid() == parent:
        time.sleep(1.0)
    os._exit(1)


def main() -> None:
    """Answer requests until the other side closes."""
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    source, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not look like an answer
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while header := source.readline():
        data = source.read(int(header))
        with contextlib.suppress(ImportError, NameError, ValueError, OSError):
            _, most = resource.getrlimit(resource.RLIMIT_CPU)
            resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + CPU_SECONDS, most))
        try:
            answer = extract_office(data) if data.startswith(b"PK") else extract_pdf(data)
        except MemoryError:
            answer = {"error": "out of memory"}
        answers.write(json.dumps(answer).encode("ascii") + b"\n")
        answers.flush()


if __name__ == "__main__":
    main()
