"""Is what must not be seen found wherever it is?"""

import unittest

from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as service

from canaries import Canary, card_number, personal, secrets, seen

CARD = Canary("card", "paid with 4111", "4111", 4111)


class Canaries(unittest.TestCase):
    def test_that_each_is_found_in_each_kind_of_field(self):
        places = {
            "resource_spans.resource.attributes.value.string_value": lambda request: attribute(
                request.resource_spans.add().resource
            ),
            "resource_spans.scope_spans.spans.name": lambda request: setattr(span(request), "name", "a 4111"),
            "resource_spans.scope_spans.spans.attributes.key": lambda request: setattr(
                span(request).attributes.add(), "key", "key 4111"
            ),
            "resource_spans.scope_spans.spans.status.message": lambda request: setattr(
                span(request).status, "message", "4111."
            ),
            "resource_spans.scope_spans.spans.links.trace_state": lambda request: setattr(
                span(request).links.add(), "trace_state", "a=4111"
            ),
            "resource_spans.scope_spans.spans.attributes.value.array_value.values.int_value": lambda request: setattr(
                span(request).attributes.add().value.array_value.values.add(), "int_value", 4111
            ),
        }
        for where, put in places.items():
            with self.subTest(where):
                request = service.ExportTraceServiceRequest()
                put(request)
                self.assertEqual(list(seen([CARD], [request.SerializeToString()])), [f"card: {where}"])

    def test_that_a_request_without_it_has_it_nowhere(self):
        request = service.ExportTraceServiceRequest()
        span(request).name = "paid with 41 11"
        self.assertEqual(list(seen([CARD], [request.SerializeToString()])), [])

    def test_that_no_two_secrets_are_part_of_each_other(self):
        found = [it.secret for it in (*secrets(), *personal())]
        self.assertEqual([each for each in found if sum(each in other for other in found) > 1], [])

    def test_that_cards_have_the_right_digit_at_their_end(self):
        class Zeros:
            def randrange(self, _):
                return 0

        self.assertEqual(card_number(Zeros(), "411111111111111", 16), "4111111111111111")
        self.assertEqual(card_number(Zeros(), "37828224631000", 15), "378282246310005")


def span(request):
    return request.resource_spans.add().scope_spans.add().spans.add()


def attribute(parent):
    parent.attributes.add(key="text").value.string_value = "paid with 4111"
