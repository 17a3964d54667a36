"""How are programs and peers started, and how do they end?"""

import os
import socket
import subprocess
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager


def environment(**variables):
    """Ours, without what is set about telemetry and proxies, and with `variables`."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("OTEL_")}
    return kept | {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"} | variables


def run(command, **variables):
    """Runs a program to its end."""
    return subprocess.run(
        command,
        env=environment(**variables),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


@contextmanager
def told(name, command, **variables):
    """Runs a program that first prints a line, which is given, and that ends when its standard input does."""
    process = subprocess.Popen(
        command,
        env=environment(**variables),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with ending(process):
        yield process.stdout.readline().strip()
        process.stdin.close()
        if process.wait(20) != 0:
            raise RuntimeError(f"{name} ended with {process.returncode}")


@contextmanager
def peer(name, command, work, ports, **variables):
    """Runs a peer from when it listens on all of the ports."""
    log = work / f"{_of_its_own(name)}.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            command,
            env=environment(**variables),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    with ending(process):
        until = time.monotonic() + 60
        for port in ports:
            while not listens(port):
                if process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError(f"{name} does not listen on port {port}:\n{log.read_text()}")
                time.sleep(0.05)
        yield


def side_by_side(stack, *managers):
    """Enters all of the context managers at once, each in a thread, and gives what they give."""
    with ThreadPoolExecutor(len(managers)) as threads:
        return list(threads.map(stack.enter_context, managers))


@contextmanager
def ending(process):
    """Leaves no process behind, whatever happens."""
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def listens(port):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port():
    """A port for a peer that cannot choose one itself and say which. None is given twice."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        if port not in _GIVEN:
            _GIVEN.add(port)
            return port


_GIVEN = set()


def _of_its_own(name):
    """A name for a log: with a number from the second peer on that is called so."""
    with _NAMING:
        _NAMED[name] += 1
        return name if _NAMED[name] == 1 else f"{name}-{_NAMED[name]}"


_NAMED = Counter()
_NAMING = threading.Lock()
