"""Do others understand what we send, and do we understand them?"""

import argparse
import importlib
import sys
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import fields
from pathlib import Path

import checks
import groups
from peers import Built
from progress import Progress
from report import Report
from stage import Stage

# They mostly wait for each other's processes.
AT_ONCE = 4


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for each in fields(Built):
        parser.add_argument(f"--{each.name}", type=Path, required=each.name in ("programs", "work"))
    parser.add_argument("groups", nargs="*", help="which of the scenarios to run, instead of all")
    arguments = vars(parser.parse_args())
    chosen = groups.chosen(arguments.pop("groups"))
    built = Built(**arguments)

    with (
        Progress(group.title for group in chosen.values()) as progress,
        ExitStack() as stack,
        ThreadPoolExecutor(AT_ONCE) as threads,
    ):
        needed = {each for group in chosen.values() for each in group.stage}
        stage = Stage(stack, built, needed)
        reports = [
            report.result()
            for report in [
                threads.submit(run, stage, group, progress) for group in chosen.values()
            ]
        ]
        reports.append(all_that_arrived(stage))

    checked, failed = (sum(getattr(it, what) for it in reports) for what in ("checked", "failed"))
    print(f"\n{checked} checks, {failed} failed")
    return 1 if failed else 0


def run(stage, group, progress):
    """Runs the scenarios of a group, and prints their report once it is complete."""
    report, began = Report(), time.monotonic()
    missing = [name for name in group.needs if getattr(stage.built, name) is None]
    try:
        if missing:
            report.scenario(f"Left out, for want of {' and '.join(missing)}: {group.title}")
        else:
            module, _, function = group.runs.partition(".")
            scenarios = getattr(importlib.import_module(f"scenarios.{module}"), function)
            scenarios(stage.reporting_to(report))
            report.scenario(f"({group.title}: {time.monotonic() - began:.1f} s)")
    except Exception:
        report.check(f"{group.title}: it went on to its end", traceback.format_exc().splitlines())
    progress.done(group.title, report.lines)
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
