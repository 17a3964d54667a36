"""How is one signal of OTLP taken in by gRPC, to be looked at?"""

import threading
from concurrent.futures import ThreadPoolExecutor

import grpc


class Listener:
    """Listens on a free port of the loopback.

    `decode` gives what there is in a request, and what is wrong with it.
    """

    def __init__(self, service, request, answer, decode):
        self._service, self._request, self._decode = service, request, decode
        self._answer = answer().SerializeToString()
        self.arrived = []
        self.faults = []
        self._changed = threading.Condition()

    def __enter__(self):
        self._grpc = grpc.server(ThreadPoolExecutor(2))
        export = grpc.unary_unary_rpc_method_handler(self._export)
        self._grpc.add_generic_rpc_handlers(
            [grpc.method_handlers_generic_handler(self._service, {"Export": export})]
        )
        self.endpoint = f"http://127.0.0.1:{self._grpc.add_insecure_port('127.0.0.1:0')}"
        self._grpc.start()
        return self

    def __exit__(self, *_):
        self._grpc.stop(None).wait()

    def wait(self, is_enough, seconds=20):
        """Waits until `is_enough(arrived)`, at most `seconds`: the checks say what is missing."""
        with self._changed:
            return self._changed.wait_for(lambda: is_enough(self.arrived), seconds)

    def _export(self, body, context):
        try:
            arrived, faults = self._decode(self._request.FromString(body))
        except Exception as error:  # whatever it is, it is to be reported
            self.faults.append(repr(error))
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, repr(error))
        with self._changed:
            self.arrived += arrived
            self.faults += faults
            self._changed.notify_all()
        return self._answer
