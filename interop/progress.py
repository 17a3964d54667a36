"""What is going on while one waits?"""

import shutil
import sys
import threading
import time

# How often those that do not look at a terminal are told.
EVERY = 15


class Progress:
    """Says on stderr what has not ended yet: in one line that changes on a terminal, else now and then."""

    def __init__(self, names):
        self._waits_for = list(names)
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._began = time.monotonic()
        self._is_terminal = sys.stderr.isatty()

    def __enter__(self):
        self._thread = threading.Thread(target=self._tell, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        self._thread.join()
        with self._lock:
            self._clear()

    def done(self, name, lines):
        """Prints what is said of one that has ended."""
        with self._lock:
            self._clear()
            self._waits_for.remove(name)
            print("\n".join(lines), flush=True)

    def _tell(self):
        while not self._ended.wait(1 if self._is_terminal else EVERY):
            with self._lock:
                self._clear()
                if not self._waits_for:
                    continue
                if self._is_terminal:
                    # What is longer would go on in the next line, which is not cleared.
                    width = shutil.get_terminal_size().columns - 1
                    print(self.line()[:width], end="", file=sys.stderr, flush=True)
                else:
                    print(self.line(), file=sys.stderr, flush=True)

    def line(self):
        seconds = f"({time.monotonic() - self._began:.0f} s)"
        return f"{seconds} {len(self._waits_for)} to go: {', '.join(self._waits_for)}"

    def _clear(self):
        if self._is_terminal:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
