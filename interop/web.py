"""How is a service asked, and who answers what it asks?"""

import threading
import urllib.error
import urllib.request
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote

OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def ask(url, headers=None, method="GET"):
    """The status of the answer, and its text."""
    request = urllib.request.Request(url, headers=headers or {}, method=method)
    try:
        with OPENER.open(request, timeout=20) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def through(services, item="lamp"):
    """The URL that leads through the services, from the first to the last."""
    *before, last = services
    url = f"{last}/items/{item}"
    for service in reversed(before):
        url = f"{service}/items/{item}?then={quote(url, safe='')}"
    return url


@contextmanager
def answering(hear=lambda headers: None):
    """A service that answers `/items/404` with that status, and hands the headers of a request to `hear`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self):
            hear(dict(self.headers))
            body = b"{}"
            self.send_response(int(self.path.rsplit("/", 1)[1]))
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        # Every method is answered.
        def __getattr__(self, name):
            if name.startswith("do_"):
                return self.answer
            raise AttributeError(name)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
