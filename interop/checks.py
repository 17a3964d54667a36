"""What must be true of what has arrived?

Each check gives what is wrong; nothing is what we want to hear.
"""

import json
from collections import Counter, defaultdict
from fnmatch import fnmatchcase
from itertools import zip_longest

# A key of the quickstart's that is to stay out, in part, and its value.
PERSONAL = ("email", "ada@example.org")


def equal(actual, expected):
    return [] if actual == expected else [f"{actual!r} instead of {expected!r}"]


def like(actual, expected):
    """What is not as expected, line by line. In what is expected `*` stands for anything."""
    width = max(map(len, actual), default=0)
    for came, line in zip_longest(actual, expected, fillvalue=""):
        if not fnmatchcase(came, line):
            yield f"{came:{width}}  instead of  {line}"


def traces(spans):
    """The spans of each trace, the trace that began first first."""
    traces = defaultdict(list)
    for span in sorted(spans, key=lambda span: span.start):
        traces[span.trace].append(span)
    return list(traces.values())


def parent_of(span, trace):
    return next((parent for parent in trace if parent.id == span.parent), None)


def uppermost(trace):
    """The spans whose parent is not there: the root, or what continues somebody else's trace."""
    return [span for span in trace if parent_of(span, trace) is None]


# What the span of a request says of how it ended.
OUTCOMES = ("http.response.status_code", "rpc.response.status_code")


def tree(trace):
    """A trace without what differs from run to run: its spans, each under its parent."""

    def below(spans, depth):
        for span in sorted(spans, key=lambda span: span.start):
            ended = [str(span.attributes[key]) for key in OUTCOMES if key in span.attributes]
            ended += ["✗"] if span.failed else []
            yield " ".join([f"{'  ' * depth}{span.service}: {span.kind} {span.name}", *ended])
            yield from below([each for each in trace if each.parent == span.id], depth + 1)

    return list(below(uppermost(trace), 0))


def written(file, spans):
    """A file of the Collector's: a request in JSON a line. It has what was sent on, and no more."""
    requests = [json.loads(line) for line in file.read_text().splitlines()]
    found = {
        (span["traceId"], span["spanId"], span["name"])
        for request in requests
        for resource_spans in request["resourceSpans"]
        for scope_spans in resource_spans["scopeSpans"]
        for span in scope_spans["spans"]
    }
    return equal(found, {(span.trace, span.id, span.name) for span in spans})


def spans_twice(spans):
    counts = Counter((span.trace, span.id) for span in spans)
    return [f"{span} is there {count} times" for span, count in counts.items() if count > 1]


def roots(trace):
    found = [span for span in trace if not span.parent]
    if [(root.service, root.kind) for root in found] != [("shop", "server")]:
        yield f"trace {trace[0].trace}: the roots are {[str(root) for root in found]}"


def services(trace):
    found = {span.service for span in trace}
    if found != {"shop", "warehouse"}:
        yield f"trace {trace[0].trace}: only {found}"


def parents(trace):
    for span in trace:
        if span.parent and parent_of(span, trace) is None:
            yield f"{span} has a parent {span.parent} that is not there"


def calls(trace):
    """The shop's handler asks as a client, and that is what the warehouse's server continues."""
    servers = [span for span in trace if (span.service, span.kind) == ("warehouse", "server")]
    if len(servers) != 1:
        yield f"trace {trace[0].trace}: {len(servers)} server spans of the warehouse"
    for server in servers:
        client = parent_of(server, trace)
        handler = client and parent_of(client, trace)
        root = handler and parent_of(handler, trace)
        chain = [span and (span.service, span.kind) for span in (client, handler, root)]
        if chain != [("shop", "client"), ("shop", "internal"), ("shop", "server")]:
            yield f"{server} is under {chain}"


def failure(trace):
    """A 409 is an error of the client and of the handler that it fails, and none of either server."""
    failed = sorted((span for span in trace if span.failed), key=lambda span: span.kind)
    yield from equal(
        [(span.service, span.kind) for span in failed], [("shop", "client"), ("shop", "internal")]
    )
    for span in failed:
        is_handler = span.kind == "internal"
        error = span.attributes.get("error.type")
        # The code says it all: the conventions have it neither described nor as an event.
        if span.description != ("out of stock" if is_handler else "") or not error:
            yield f"{span}: {span.description!r}, error.type {error!r}"
        exceptions = [event for event in span.events if event.name == "exception"]
        if len(exceptions) != is_handler:
            yield f"{span} has {len(exceptions)} exception events"
        for exception in exceptions:
            if "CheckoutError" not in exception.attributes.get("exception.type", ""):
                yield f"{span}: {exception}"


def no_failure(trace):
    return [f"{span}: {span.description}" for span in trace if span.failed or span.events]


def receipts(trace):
    """The task of its own is in the trace, under the handler, and names the customer by id only."""
    found = [span for span in trace if span.name == "send_receipt"]
    if len(found) != 1:
        yield f"trace {trace[0].trace}: {len(found)} receipts"
    for span in found:
        parent = parent_of(span, trace)
        if parent is None or parent.name != "checkout":
            yield f"{span} is under {parent}"
        if span.attributes.get("customer.id") != 4815:
            yield f"{span}: {span.attributes}"


def personal(requests):
    """Looks at the bytes: whatever the field, it would be there."""
    for what in PERSONAL:
        if any(what.encode() in request for request in requests):
            yield f"{what} was sent"


def resources(spans):
    instances = defaultdict(set)
    for span in spans:
        sdk = {key: span.resource.get(f"telemetry.sdk.{key}") for key in ("language", "name")}
        if sdk != {"language": "rust", "name": "opentelemetry"}:
            yield f"{span}: {sdk}"
        if not span.resource.get("telemetry.sdk.version"):
            yield f"{span}: no telemetry.sdk.version"
        instances[span.service].add(span.resource.get("service.instance.id"))
    ids = [instance for found in instances.values() for instance in found]
    if None in ids or len(ids) != 2 or len(set(ids)) != 2:
        yield f"service.instance.id: {dict(instances)}"


def scopes(spans, expected):
    return [f"scope {scope}" for scope in {span.scope for span in spans} - expected]
