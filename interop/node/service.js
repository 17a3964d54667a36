// Passes on what the service at the URL in `then` answers. Without one, says which context it was called with.
// It knows nothing of telemetry.
const http = require("node:http");

http
  .createServer(async (request, response) => {
    const then = new URL(request.url, "http://node").searchParams.get("then");
    try {
      if (then) {
        const answer = await fetch(then);
        response.writeHead(answer.status).end(await answer.text());
      } else {
        const { traceparent, tracestate, baggage } = request.headers;
        response.end(JSON.stringify({ traceparent, tracestate, baggage }));
      }
    } catch (error) {
      response.writeHead(502).end(String(error));
    }
  })
  .listen(Number(process.argv[2]), "127.0.0.1");
