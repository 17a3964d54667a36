"""Java and Node, each before and behind ours: is it one trace?"""

from web import through

AFTER_JAVA = """
java: server GET /items
  java: client GET
    relay: server GET /items/{item}
      relay: client GET
        node: server GET
"""
AFTER_NODE = """
node: server GET
  node: client GET
    relay: server GET /items/{item}
      relay: client GET
        java: server GET /items
"""


def run(stage):
    relay, _ = stage.relay.result()
    java, node = stage.java.result(), stage.node.result()
    stage.report.scenario("A service in Java calls ours, which calls one in Node")
    stage.follow(through([java, relay, node]), AFTER_JAVA, ours=["relay"])
    stage.report.scenario("A service in Node calls ours, which calls one in Java")
    stage.follow(through([node, relay, java]), AFTER_NODE, ours=["relay"])
