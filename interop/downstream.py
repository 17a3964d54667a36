"""A service that says which context it was called with. Knows nothing of telemetry."""

from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/items/{item}")
def item(item: str, request: Request):
    return {name: request.headers.get(name) for name in ("traceparent", "tracestate", "baggage")}
