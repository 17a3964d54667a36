"""In what do spans of ours differ from those of others for the same request, and is that known?"""

import tomllib
from fnmatch import fnmatchcase
from pathlib import Path

import conventions

KNOWN = tomllib.loads((Path(__file__).parent / "beside.toml").read_text())["differences"]
ANYTHING = "*"


def by_kind(spans):
    """The spans of a request, by what they are of: `HTTP client`, and so on."""
    return {conventions.kind_of(span)["name"].removesuffix(" span"): span for span in spans}


def differences(ours, theirs):
    """What of a span is other, with our value and theirs."""
    ours, theirs = said(ours), said(theirs)
    for what in sorted(ours.keys() | theirs.keys()):
        pair = ours.get(what, ""), theirs.get(what, "")
        # Each has its own ports.
        if pair[0] != pair[1] and not (what.endswith(".port") and all(pair)):
            yield what, *pair


def said(span):
    """All that a span says, as texts."""
    return {key: str(value) for key, value in span.attributes.items()} | {
        "name": span.name,
        "status": span.status,
        "description": span.description,
        "events": " ".join(event.name for event in span.events),
    }


def known(request, span, what, ours, theirs):
    """The lines of the table that tell of a difference."""
    return [
        index
        for index, each in enumerate(KNOWN)
        if each["span"] == span
        and request in each.get("requests", [request])
        and (
            each["what"] == ANYTHING
            or what == each["what"]
            and _is_like(ours, each["ours"])
            and _is_like(theirs, each["theirs"])
        )
    ]


def _is_like(value, pattern):
    return fnmatchcase(value, pattern) and bool(value) == bool(pattern)


def table():
    """The differences, as `docs/compatibility.md` has them."""
    yield "| span | what | ours | theirs | why |"
    yield "| --- | --- | --- | --- | --- |"
    for each in KNOWN:
        what = "anything" if each["what"] == ANYTHING else f"`{each['what']}`"
        if "requests" in each:
            what += f" ({', '.join(each['requests'])})"
        values = (f"`{each[side]}`" if each[side] else "" for side in ("ours", "theirs"))
        yield f"| {each['span']} | {what} | {' | '.join(values)} | {each['why']} |"


if __name__ == "__main__":
    print("\n".join(table()))
