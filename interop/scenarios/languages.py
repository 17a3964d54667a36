"""Java and Node, each before and behind ours: is it one trace?"""

from web import through

AFTER_JAVA = """
java: server GET /items 200
  java: client GET 200
    relay: server GET /items/{item} 200
      relay: client GET 200
        node: server GET 200
"""
AFTER_NODE = """
node: server GET 200
  node: client GET 200
    relay: server GET /items/{item} 200
      relay: client GET 200
        java: server GET /items 200
"""


def run(stage):
    relay, _ = stage.relay.result()
    java, node = stage.java.result(), stage.node.result()
    stage.report.scenario("A service in Java calls ours, which calls one in Node")
    stage.follow(through([java, relay, node]), AFTER_JAVA, ours=["relay"])
    stage.report.scenario("A service in Node calls ours, which calls one in Java")
    stage.follow(through([node, relay, java]), AFTER_NODE, ours=["relay"])
