"""Do others understand what we send, and do we understand them?"""

import argparse
import sys
import time
from contextlib import ExitStack
from dataclasses import fields
from pathlib import Path

import checks
from peers import Built
from report import Report
from scenarios import beside, brokers, caddy, chain, formats, languages, quickstart, requests
from stage import Stage

# Each group of scenarios, and what has to be there for it.
SCENARIOS = {
    quickstart: (),
    requests: (),
    caddy: (),
    chain: ("go",),
    formats: ("go",),
    beside: ("go",),
    languages: ("java", "node"),
    brokers: ("nats", "rabbitmq"),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for each in fields(Built):
        parser.add_argument(f"--{each.name}", type=Path, required=each.name in ("programs", "work"))
    built = Built(**vars(parser.parse_args()))

    report, seconds = Report(), {}
    with ExitStack() as stack:
        stage = Stage(stack, report, built)
        for scenarios, needed in SCENARIOS.items():
            missing = [name for name in needed if getattr(built, name) is None]
            if missing:
                report.scenario(f"Left out, for want of {' and '.join(missing)}: {scenarios.__doc__}")
            else:
                began = time.monotonic()
                scenarios.run(stage)
                seconds[scenarios] = time.monotonic() - began
        report.scenario("Of all that arrived")
        report.check("every request and every span is well formed", stage.receiver.faults)
        report.check("no span came twice", checks.spans_twice(stage.receiver.spans))

    print()
    for scenarios, took in seconds.items():
        print(f"{took:6.1f} s  {scenarios.__doc__}")
    print(f"\n{report.checked} checks, {report.failed} failed")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
