"""Which traces has a tail to keep? The policies that are tried, and what each of them means, said once more.

The meaning is written here without looking at either implementation: ours and the Collectors' are both held to it.
"""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Callable

from traffic import is_root

SECOND = 1_000_000_000
MILLISECOND = 1_000_000


@dataclass(frozen=True)
class Policy:
    # As it stands in `OTEL_TRACED_TAIL`.
    text: str
    # Whether it keeps a trace.
    keeps: Callable


def some(*conditions):
    """One and the same span meets all of the conditions."""
    return lambda trace: any(all(meets(span) for meets in conditions) for span in trace)


def no(*conditions):
    return lambda trace: not some(*conditions)(trace)


def both(*conditions):
    """The trace meets all of the conditions, each by any of its spans."""
    return lambda trace: all(meets(trace) for meets in conditions)


def either(*conditions):
    return lambda trace: any(meets(trace) for meets in conditions)


def spans(least, most=float("inf")):
    return lambda trace: least <= len(trace) <= most


def lasts(longer_than):
    """From the first start to the last end, in whole milliseconds."""
    return (
        lambda trace: (max(it.end for it in trace) - min(it.start for it in trace)) // MILLISECOND
        > longer_than
    )


def fails(span):
    return span.failed


def slower(nanoseconds):
    return lambda span: span.end - span.start > nanoseconds


def kind(*kinds):
    return lambda span: span.kind in kinds


def name(pattern):
    return lambda span: fnmatchcase(span.name, pattern)


def is_any_of(key, *texts):
    """Also in the other form; of several values one is enough."""
    return lambda span: any(written(value) in texts for value in values(span, key))


def matches(key, pattern):
    return lambda span: any(fnmatchcase(written(value), pattern) for value in single(span, key))


def not_matches(key, pattern):
    return lambda span: any(not fnmatchcase(written(value), pattern) for value in single(span, key))


def between(key, low, high):
    """Neither texts are numbers, nor several of them."""
    return lambda span: any(
        type(value) in (int, float) and low <= value < high for value in single(span, key)
    )


def values(span, key):
    """All values of an attribute: none where it is not there."""
    value = span.attributes.get(key)
    return value if isinstance(value, list) else [] if value is None else [value]


def single(span, key):
    return [] if isinstance(span.attributes.get(key), list) else values(span, key)


def written(value):
    return str(value).lower() if isinstance(value, bool) else str(value)


MINUTE = slower(60 * SECOND)
IS_HEALTH = matches("http.route", "/health")
OF_ACME = is_any_of("shop.tenant", "acme")

# Each by itself, put together, and all at once.
POLICIES = {
    "error": Policy("error", some(fails)),
    "slower": Policy("slower=60s", some(MINUTE)),
    "slow-root": Policy("span(root, slower=60s)", some(is_root, MINUTE)),
    "extent": Policy("lasts=30s", lasts(30_000)),
    "value": Policy("shop.tenant==acme|globex", some(is_any_of("shop.tenant", "acme", "globex"))),
    "truth": Policy("shop.cached==true", some(is_any_of("shop.cached", "true"))),
    "number": Policy(
        "span(shop.items>=100, shop.items<150)", some(between("shop.items", 100, 150))
    ),
    "pattern": Policy("http.route=/orders*", some(matches("http.route", "/orders*"))),
    "pattern-not": Policy("span(http.route!=/orders*)", some(not_matches("http.route", "/orders*"))),
    "name": Policy("span(name=SELECT *, kind=client)", some(name("SELECT *"), kind("client"))),
    "many": Policy("spans=6", spans(6)),
    "few": Policy("spans=2..3", spans(2, 3)),
    "of-one-span": Policy("span(error, shop.tenant==acme)", some(fails, OF_ACME)),
    "of-any-spans": Policy("all(error, shop.tenant==acme)", both(some(fails), some(OF_ACME))),
    "either": Policy("any(error, spans=9)", either(some(fails), spans(9))),
    "none": Policy("all(spans=8, no_span(kind=client))", both(spans(8), no(kind("client")))),
    "drop": Policy(
        "drop(span(root, http.route=/health)), error, slower=60s",
        both(no(is_root, IS_HEALTH), either(some(fails), some(MINUTE))),
    ),
    "combined": Policy(
        "drop(all(span(root, http.route=/health), no_span(error))),"
        " error, slower=60s, span(root, shop.tenant==acme), spans=9",
        both(
            either(no(is_root, IS_HEALTH), some(fails)),
            either(some(fails), some(MINUTE), some(is_root, OF_ACME), spans(9)),
        ),
    ),
}
