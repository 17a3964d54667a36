"""A service that says which context it was called with, then and afterwards. Knows nothing of telemetry."""

from fastapi import FastAPI, HTTPException, Request

app = FastAPI()
# By the trace's id.
heard = {}


@app.get("/items/{item}")
def item(item: str, request: Request):
    context = {name: request.headers.get(name) for name in ("traceparent", "tracestate", "baggage")}
    if context["traceparent"]:
        heard[context["traceparent"].split("-")[1]] = context
    if item == "unicorn":
        raise HTTPException(404, "no such item")
    return context


@app.get("/heard/{trace}")
def heard_in(trace: str):
    return heard.get(trace)
