"""Does a span follow the semantic conventions?

What they ask is in `conventions.toml`; here is only how a span is held to it.
"""

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

RULES = tomllib.loads((Path(__file__).parent / "conventions.toml").read_text())

TYPES = {
    "string": lambda value: isinstance(value, str),
    "int": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "bool": lambda value: isinstance(value, bool),
    "string[]": lambda value: isinstance(value, list) and all(isinstance(v, str) for v in value),
}


@dataclass(frozen=True)
class Broken:
    """A rule that a span breaks. `level` is "must" or "should"."""

    level: str
    what: str

    def __str__(self):
        return f"{self.level.upper()}: {self.what}"


def kind_of(span):
    """Which kind of span of `conventions.toml` it is; `None` if the conventions have no word on it."""
    for rules in RULES["spans"]:
        is_known = any(key.startswith(rules["known_by"]) for key in span.attributes)
        if span.kind == rules["kind"] and is_known and _holds(rules.get("among_these", {}), span):
            return rules
    return None


def judge(span, asked_for=()):
    """What is wrong with a span. `asked_for` are the opt-in attributes that its program wants."""
    broken = (
        list(_attributes(span)) + list(_events(span)) + list(_conditional(span, RULES["every"]))
    )
    if span.status == "ok":
        broken.append(Broken("should", "the status is Ok, which is for the program to say"))
    rules = kind_of(span)
    if rules is not None:
        for check in (_presence, _conditional, _constant, _name, _redacted, _status):
            broken += check(span, rules)
        broken += _opt_in(span, rules, asked_for)
    elif span.kind in ("client", "server"):
        broken.append(Broken("must", f"a {span.kind} span without anything that says of what"))
    elif kinds := {
        rules["kind"]
        for rules in RULES["spans"]
        for key in span.attributes
        if key.startswith(rules["known_by"])
    }:
        broken.append(
            Broken("must", f"such a span is of kind {' or '.join(sorted(kinds))}, not {span.kind}")
        )
    return broken


def never_recorded(spans):
    """The recommended attributes that no span of a kind has, by the name of the kind."""
    missing = {}
    for rules in RULES["spans"]:
        found = [span for span in spans if kind_of(span) is rules]
        if found:
            has = Counter(key for span in found for key in span.attributes)
            missing[rules["name"]] = [key for key in rules["recommended"] if not has[key]]
    return missing


def _attributes(span):
    """Are names, types and values those of the conventions?"""
    for key, value in span.attributes.items():
        known, rule = _rule(key)
        if rule is None:
            if key.startswith(tuple(RULES["namespaces"])):
                yield Broken("must", f"`{key}` is no attribute of the conventions, or no longer")
            continue
        if not TYPES[rule["type"]](value):
            yield Broken("must", f"`{key}` is {value!r}, not of type {rule['type']}")
            continue
        if "among" in rule and value not in rule["among"]:
            among = ", ".join(map(str, rule["among"]))
            yield Broken("must", f"`{key}` is {value!r}, not one of {among}")
        if "range" in rule and not rule["range"][0] <= value <= rule["range"][1]:
            yield Broken(
                "must", f"`{key}` is {value}, not from {rule['range'][0]} to {rule['range'][1]}"
            )
        if "matches" in rule and not re.fullmatch(rule["matches"], value, re.DOTALL):
            yield Broken(
                "must", f"`{key}` is {value!r}, which is not of the form {rule['matches']}"
            )
        if "key" in rule and not re.fullmatch(rule["key"], key.removeprefix(known)):
            yield Broken("must", f"`{key}` is not in lower case")


def _rule(key):
    """The rule of an attribute, and what the key begins with, if the rule is for all that does."""
    rules = RULES["attributes"]
    if key in rules:
        return key, rules[key]
    for pattern, rule in rules.items():
        if pattern.endswith("*") and key.startswith(pattern[:-1]):
            return pattern[:-1], rule
    return key, None


def _events(span):
    for event in span.events:
        rules = RULES["events"].get(event.name)
        if rules is None:
            continue
        if not any(key in event.attributes for key in rules["any_of"]):
            yield Broken(
                "must", f"an event `{event.name}` has neither {' nor '.join(rules['any_of'])}"
            )
        for key, expected in rules["attributes"].items():
            if key in event.attributes and not TYPES[expected](event.attributes[key]):
                yield Broken("must", f"`{key}` of an event is not of type {expected}")


def _holds(condition, span):
    for test, argument in condition.items():
        match test:
            case "failed":
                holds = (span.status == "error") is argument
            case "present":
                holds = argument in span.attributes
            case "range":
                holds = all(
                    _is_within(span.attributes.get(key), *ends) for key, ends in argument.items()
                )
            case "among":
                holds = all(span.attributes.get(key) in values for key, values in argument.items())
            case _:
                raise ValueError(f"conventions.toml: there is no condition {test!r}")
        if not holds:
            return False
    return True


def _is_within(value, low, high):
    return TYPES["int"](value) and low <= value <= high


def _presence(span, rules):
    for key in rules["required"]:
        if key not in span.attributes:
            yield Broken("must", f"`{key}` is required of a {rules['name']}")
    any_of = rules.get("any_of", [])
    if any_of and not any(key in span.attributes for key in any_of):
        yield Broken("must", f"nothing says how it ended: none of {', '.join(any_of)}")


def _conditional(span, rules):
    for rule in rules["conditional"]:
        key, required = rule["attribute"], _holds(rule["when"], span)
        if required and key not in span.attributes:
            yield Broken("must", f"`{key}` is required of {rules['name']} when {rule['when']}")
        if not required and key in span.attributes and "otherwise_absent" in rule:
            yield Broken(rule["otherwise_absent"], f"`{key}` is there, but not {rule['when']}")
        other = rule.get("differs_from")
        if key in span.attributes and span.attributes[key] == span.attributes.get(other):
            yield Broken("must", f"`{key}` is there, and no other than `{other}`")


def _constant(span, rules):
    for key, value in rules.get("constant", {}).items():
        if key in span.attributes and span.attributes[key] != value:
            yield Broken("must", f"`{key}` is {span.attributes[key]!r}, not {value!r}")


def _name(span, rules):
    rule = rules["named_by"]
    method = span.attributes.get(rule["attribute"], "_OTHER")
    method = rule["other"] if method == "_OTHER" else method
    target = _target(span, rule)
    expected = f"{method} {target}" if target else method
    if span.name != expected:
        # A program may choose another target, but neither another method nor the path.
        path = urlsplit(str(span.attributes.get("url.full", ""))).path or span.attributes.get(
            "url.path"
        )
        begins_well = "target" in rule and span.name.startswith(f"{method} ")
        is_path = path is not None and span.name == f"{method} {path}"
        level = "must" if "target" in rule and (is_path or not begins_well) else "should"
        yield Broken(level, f"it is called {span.name!r}, not {expected!r}")


def _target(span, rule):
    """The first of the rule's targets that is there, unless it may not stand in a name."""
    for target in rule.get("targets", [{"attribute": rule.get("target")}]):
        kept_out = any(_holds(condition, span) for condition in target.get("unless", []))
        if target["attribute"] in span.attributes and not kept_out:
            return span.attributes[target["attribute"]]
    return None


def _redacted(span, rules):
    for key in rules.get("redacted", []):
        query = str(span.attributes.get(key, ""))
        query = urlsplit(query).query if "://" in query else query
        for parameter in query.split("&"):
            name, _, value = parameter.partition("=")
            if name in RULES["sensitive_parameters"] and value not in ("", "REDACTED"):
                yield Broken("should", f"`{key}` tells the value of the parameter {name}")


def _status(span, rules):
    for rule in rules.get("status", []):
        if not _holds(rule["when"], span) or ("unless" in rule and _holds(rule["unless"], span)):
            continue
        code = next(str(span.attributes[key]) for table in rule["when"].values() for key in table)
        error_type = span.attributes.get("error.type")
        if span.status != rule["status"]:
            another = rule.get("unless_another_error") and error_type not in (None, code)
            if not (another and span.status == "error"):
                yield Broken(
                    rule["level"], f"the status is {span.status}, not {rule['status']}, with {code}"
                )
        elif rule["status"] == "error":
            if rule.get("without_description") and code in span.description:
                yield Broken("should", f"the status repeats the code: {span.description!r}")
            if "error_type" in rule and error_type != code:
                yield Broken("should", f"`error.type` is {error_type!r}, not the code {code!r}")


def _opt_in(span, rules, asked_for):
    known = {
        *rules["required"],
        *rules["recommended"],
        *rules.get("allowed", []),
        "error.type",
        *asked_for,
    }
    known |= {rule["attribute"] for rule in rules["conditional"]}
    for key in span.attributes:
        if key in known or key.startswith("code."):
            continue
        begins = _rule(key)[0]
        if key in rules["opt_in"] or f"{begins}*" in rules["opt_in"]:
            if f"{begins}*" not in known:
                yield Broken("should", f"`{key}` is opt-in, and nobody asked for it")
        elif key.startswith(tuple(RULES["namespaces"])):
            yield Broken("should", f"`{key}` is not an attribute of a {rules['name']}")
