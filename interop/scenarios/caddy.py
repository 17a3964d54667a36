"""Caddy in front of ours in front of FastAPI: does an edge proxy's trace go on?"""

import peers
from web import through

CALL = """
edge: server edge 200
  relay: server GET /items/{item} 200
    relay: client GET 200
      python: server GET /items/{item}
        python: internal GET /items/{item} http send
        python: internal GET /items/{item} http send
"""


def run(stage):
    stage.report.scenario("Caddy in front of a service of ours in front of FastAPI")
    relay, _ = stage.relay.result()
    with peers.caddy(stage.built, relay, stage.send_to["grpc"]) as edge:
        url = through([edge, stage.python.result()])
        stage.begin(url, CALL, ours=["relay"])
        stage.follow(url, CALL, ours=["relay"])
