"""How is a service asked?"""

import urllib.error
import urllib.request
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
