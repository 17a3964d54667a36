"""One of two Collectors that keep whole traces goes, and comes back at another address: is anything lost?"""

import os
from contextlib import ExitStack

import tiers
from checks import equal, spans_twice
from receiver import Receiver
from traffic import Traffic

TRACES = 2000
A_SECOND = 200


def run(stage):
    report, built = stage.report, stage.built
    namespace = built.work / "tier-2.namespace"
    with Receiver() as receiver, ExitStack() as stack:
        enter = stack.enter_context
        [written] = tiers.written(built, ["keep"], 1)
        policy = tiers.Policy(written, receiver.endpoints["grpc"])

        def listed(*addresses):
            # In one piece, as it may be read at any time.
            new = namespace.with_suffix(".new")
            new.write_text("\n".join(addresses))
            os.replace(new, namespace)

        stays = enter(tiers.one_of_the_second(built, policy))
        goes = tiers.one_of_the_second(built, policy)
        listed(stays, goes.__enter__())
        entry = enter(tiers.first_that_looks_up(built, policy, namespace))
        with Traffic(built, "moving", TRACES, entry, A_SECOND, OTEL_BSP_SCHEDULE_DELAY="100") as traffic:
            receiver.wait(lambda spans: len(spans) >= TRACES // 4)
            goes.__exit__(None, None, None)
            before = len(receiver.spans)
            listed(stays)
            receiver.wait(lambda spans: len(spans) >= before + TRACES // 4)
            listed(stays, enter(tiers.one_of_the_second(built, policy)))
            made = traffic.made()
            receiver.wait(lambda spans: len(ids(spans)) >= made)
            made += traffic.late()
            receiver.wait(lambda spans: len(ids(spans)) >= made)
    report.scenario(f"{A_SECOND} traces a second, while one of two Collectors of the second tier goes and comes back elsewhere")
    report.check(f"none of {made} spans is lost", equal(len(ids(receiver.spans)), made))
    twice = spans_twice(receiver.spans)
    report.show([f"{len(twice)} came twice"])


def ids(spans):
    return {(span.trace, span.id) for span in spans}
