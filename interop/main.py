"""Do others understand what we send, and do we understand them?"""

import argparse
import sys
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import fields
from pathlib import Path

import checks
from peers import Built
from report import Report
from scenarios import (
    beside,
    brokers,
    caddy,
    chain,
    formats,
    jaeger_remote,
    languages,
    metrics,
    probability,
    quickstart,
    remote,
    requests,
)
from stage import Stage

# Each group of scenarios, and what has to be there for it. Those that take longest are first.
GROUPS = {
    "RabbitMQ": (brokers.through_rabbitmq, ("rabbitmq",)),
    "NATS": (brokers.through_nats, ("nats",)),
    "the quickstart": (quickstart.run, ()),
    "every kind of request": (requests.run, ()),
    "Java and Node": (languages.run, ("java", "node")),
    "Go, gRPC and Python": (chain.run, ("go",)),
    "B3, Jaeger and X-Ray": (formats.run, ("go",)),
    "otelhttp and otelgrpc": (beside.run, ("go",)),
    "a Collector that samples": (probability.run, ("collector",)),
    "Jaeger's strategies of sampling": (remote.run, ("jaeger",)),
    "a Jaeger that says what to sample": (jaeger_remote.run, ("jaeger",)),
    "metrics": (metrics.run, ("collector",)),
    "Caddy": (caddy.run, ()),
}
# They mostly wait for each other's processes.
AT_ONCE = 4


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for each in fields(Built):
        parser.add_argument(f"--{each.name}", type=Path, required=each.name in ("programs", "work"))
    built = Built(**vars(parser.parse_args()))

    with ExitStack() as stack, ThreadPoolExecutor(AT_ONCE) as threads:
        stage = Stage(stack, built)
        reports = [
            report.result()
            for report in [threads.submit(run, stage, group) for group in GROUPS]
        ]
        reports.append(all_that_arrived(stage))

    checked, failed = (sum(getattr(it, what) for it in reports) for what in ("checked", "failed"))
    print(f"\n{checked} checks, {failed} failed")
    return 1 if failed else 0


def run(stage, group):
    """Runs the scenarios of a group, and prints their report once it is complete."""
    scenarios, needed = GROUPS[group]
    report, began = Report(), time.monotonic()
    missing = [name for name in needed if getattr(stage.built, name) is None]
    try:
        if missing:
            report.scenario(f"Left out, for want of {' and '.join(missing)}: {group}")
        else:
            scenarios(stage.reporting_to(report))
            report.scenario(f"({group}: {time.monotonic() - began:.1f} s)")
    except Exception:
        report.check(f"{group}: it went on to its end", traceback.format_exc().splitlines())
    print("\n".join(report.lines), flush=True)
    return report


def all_that_arrived(stage):
    report = Report()
    report.scenario("Of all that arrived")
    report.check("every request and every span is well formed", stage.receiver.faults)
    report.check("no span came twice", checks.spans_twice(stage.receiver.spans))
    print("\n".join(report.lines), flush=True)
    return report


if __name__ == "__main__":
    sys.exit(main())
