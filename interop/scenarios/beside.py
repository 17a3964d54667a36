"""Beside otelhttp and otelgrpc on the same requests: is every difference one that we know?"""

from collections import Counter
from urllib.parse import quote

import beside
import conventions
import peers
from stage import Caller
from web import answering, ask

# What each is called, how it is asked for, and how many spans it has on each side.
REQUESTS = (
    ("ok", "GET", "/items/lamp?then={answers}/items/200", 2),
    ("posted", "POST", "/items/lamp?then={answers}/items/201", 2),
    ("of another method", "SHELVE", "/items/lamp?then={answers}/items/200", 2),
    ("missing", "GET", "/items/lamp?then={answers}/items/404", 2),
    ("failed", "GET", "/items/lamp?then={answers}/items/500", 2),
    ("refused", "GET", "/items/lamp?then={nobody}/", 2),
    ("without a route", "GET", "/nowhere", 1),
    ("unary", "GET", "/checkout/lamp", 3),
    ("stream", "GET", "/watch/book", 3),
    ("not found", "GET", "/checkout/unicorn", 3),
    ("internal", "GET", "/checkout/ruin", 3),
    ("late", "GET", "/checkout/rarity?within=1000", 3),
)


def run(stage):
    report = stage.report
    report.scenario("The same requests beside otelhttp and otelgrpc")
    ours, _ = stage.relay.result()
    with (
        answering() as answers,
        peers.go_service(stage.built, stage.send_to["grpc"]) as (theirs, _),
    ):
        places = {"answers": quote(answers, safe=""), "nobody": quote("http://127.0.0.1:1", safe="")}
        made = [
            (request, number, [call(to + path.format(**places), method) for to in (ours, theirs)])
            for request, method, path, number in REQUESTS
        ]
        found = [
            (request, *(beside.by_kind(stage.spans(trace, number)) for trace in traces))
            for request, number, traces in made
        ]

    seen = set()
    for request, of_ours, of_theirs in found:
        new = []
        if of_ours.keys() != of_theirs.keys():
            new.append(f"spans of {sorted(of_ours)}, and theirs of {sorted(of_theirs)}")
        for span in sorted(of_ours.keys() & of_theirs.keys()):
            for difference in beside.differences(of_ours[span], of_theirs[span]):
                lines = beside.known(request, span, *difference)
                seen.update(lines)
                if not lines:
                    what, value, other = difference
                    new.append(f"{span}: {what} is {value!r}, and theirs {other!r}")
        report.check(f"{request}: every difference is in beside.toml", new)
    report.check(
        "every line of beside.toml is a difference",
        (
            f"{each['span']}: {each['what']}"
            for index, each in enumerate(beside.KNOWN)
            if index not in seen and not each.get("chance")
        ),
    )
    report.by_the_conventions([span for _, spans, _ in found for span in spans.values()])
    report.show(
        f"of otelhttp and otelgrpc, {count} {'span' if count == 1 else 'spans'}: {broken}"
        for broken, count in Counter(
            str(broken)
            for _, _, spans in found
            for span in spans.values()
            for broken in conventions.judge(span)
        ).items()
    )


def call(url, method):
    caller = Caller(carried={})
    ask(url, caller.headers, method)
    return caller.trace
