"""Which values must not be seen behind a policy of privacy, and how are they looked for?

None of them stands in this file: a scanner of secrets would take them for real ones.
"""

import base64
import json
import random
import string
from dataclasses import asdict, dataclass

from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as service

ALPHANUMERIC = string.ascii_letters + string.digits


@dataclass(frozen=True)
class Canary:
    name: str
    # What a program records,
    text: str
    # what of that must not be seen,
    secret: str
    # the same as a number, where it is one,
    number: int = 0
    # and a trace state with it, where it can be told for what it is without words around it.
    state: str = ""

    @property
    def line(self):
        """As programs are told of it."""
        return json.dumps(asdict(self)) + "\n"

    @classmethod
    def alone(cls, name, text, secret, number=0):
        return cls(name, text, secret, number, f"vendor={secret}")


def secrets(seed=1):
    """One of each kind that no mode but `off` lets pass."""
    drawn = random.Random(seed)

    def some(letters, length):
        return "".join(drawn.choice(letters) for _ in range(length))

    def word(length=12):
        return some(ALPHANUMERIC, length)

    def written(*parts):
        return ".".join(
            base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts
        )

    card, other = card_number(drawn, "4", 16), card_number(drawn, "37", 15)
    spaced = card_number(drawn, "52", 16)
    spaced = " ".join(spaced[at : at + 4] for at in range(0, 16, 4))
    jwt = f"{written({'alg': 'HS256', 'typ': 'JWT'}, {'sub': word()})}.{word(43)}"
    prefixed = {
        "aws": "AKIA" + some(string.ascii_uppercase + "234567", 16),
        "github": "ghp_" + word(36),
        "gitlab": "glpat-" + word(20),
        "google": "AIza" + word(35),
        "npm": "npm_" + word(36),
        "openai": "sk-proj-" + word(48),
        "slack": f"xoxb-{some(string.digits, 12)}-{some(string.digits, 12)}-{word(24)}",
        "stripe": "sk_live_" + word(24),
    }
    named = {
        "field": '{"user":"ada","password":"%s"}',
        "debug": 'Client { token: "%s" }',
        "header": "x-api-key: %s",
        "option": "deploy --password %s now",
        "query": "https://shop.example/orders?token=%s&page=2",
        "user-info": "postgres://shop:%s@db.internal/orders",
        "bearer": "Authorization: Bearer %s",
    }
    yield Canary.alone("card", f"paid with {card}", card, int(card))
    yield Canary.alone("american-card", f"card number {other}.", other, int(other))
    yield Canary("card-with-spaces", f"card {spaced} was declined", spaced)
    yield Canary.alone("jwt", f"session {jwt} ended", jwt)
    basic = base64.b64encode(f"ada:{word()}".encode()).decode().rstrip("=")
    yield Canary("basic", f"Authorization: Basic {basic}", basic)
    body = "\n".join(word(64) for _ in range(3))
    kind = "PRIVATE KEY"
    yield Canary("pem", f"-----BEGIN {kind}-----\n{body}\n-----END {kind}-----", body.split("\n")[1])
    for name, secret in prefixed.items():
        yield Canary.alone(name, f"with {secret} it worked", secret)
    for name, text in named.items():
        secret = word()
        yield Canary(name, text % secret, secret)


def personal(seed=2):
    """One of each kind that says who somebody is, which the mode for all personal data does not let pass."""
    drawn = random.Random(seed)

    def digits(length):
        return "".join(drawn.choice(string.digits) for _ in range(length))

    user = "".join(drawn.choice(string.ascii_lowercase) for _ in range(12))
    bank, account = f"{drawn.randrange(10**7, 10**8)}", digits(10)
    # The letters of the country are numbers from ten on, and the whole leaves 1 of 97.
    check = 98 - int(f"{bank}{account}131400") % 97
    network = f"10.{drawn.randrange(256)}.{drawn.randrange(256)}.{drawn.randrange(1, 255)}"
    for name, text, secret in (
        ("email", "mail to %s failed", f"{user}@shop.io"),
        ("social-security", "SSN %s", f"{drawn.randrange(100, 600)}-{drawn.randrange(10, 99)}-{drawn.randrange(1000, 9999)}"),
        ("iban", "account %s", f"DE{check:02}{bank}{account}"),
        ("phone", "call %s back", f"+49 30 {drawn.randrange(200, 999)}{digits(5)}"),
        ("ip", "peer %s left", network),
        ("ip-6", "peer %s left", f"2a01:4f8:{drawn.randrange(4096, 65536):x}::{drawn.randrange(4096, 65536):x}"),
        ("home", "cannot read /home/%s/.ssh/config", user[::-1]),
        ("users", "cannot read C:\\Users\\%s\\x.txt", user[::-1].title()),
    ):
        yield Canary(name, text % secret, secret)


def card_number(drawn, prefix, length):
    """One that its check digit makes a valid one."""
    digits = [int(digit) for digit in prefix]
    digits += [drawn.randrange(10) for _ in range(length - len(digits) - 1)]
    doubled = [2 * digit - 9 * (digit > 4) if at % 2 == 0 else digit for at, digit in enumerate(reversed(digits))]
    return "".join(map(str, [*digits, -sum(doubled) % 10]))


def seen(canaries, requests):
    """Which of them are in the requests, and where."""
    found = {}
    for body in requests:
        for where, value in places(service.ExportTraceServiceRequest.FromString(body)):
            for it in canaries:
                if it.secret in str(value) or (it.number and it.number == value):
                    found.setdefault(it, set()).add(where)
    for it in canaries:
        if it in found:
            yield f"{it.name}: {', '.join(sorted(found[it]))}"
        # Wherever a decoder does not look.
        elif any(it.secret.encode() in body for body in requests):
            yield f"{it.name}: somewhere in the bytes"


def places(message, where=""):
    """All texts and numbers of a message, each with the fields that lead to it."""
    for field, value in message.ListFields():
        for each in value if field.is_repeated else [value]:
            if field.message_type:
                yield from places(each, f"{where}.{field.name}" if where else field.name)
            else:
                yield f"{where}.{field.name}", each


# What looks like much of the above, and has to stay, byte for byte.
HARMLESS = (
    "GET /orders/{id}",
    "users.api.v1.UserService/Update",
    "shop::checkout::Cart::pay",
    "POST /twirp/users.api.v1.UserService/Update",
    "SELECT * FROM users WHERE id = $1\nORDER BY id",
    "https://acme.example/wiki/spaces/ENG/pages/1234567890/Weekly",
    "order 5f0c3a52-7a9e-4c55-9a63-0d6f6e1a9b11 shipped",
)


def harmless():
    return [Canary(f"harmless-{at}", text, text) for at, text in enumerate(HARMLESS)]
