package main

import (
	"io"
	"net/http"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// edge passes each request on to the service behind it: extract, start and inject are written by hand.
func edge(behind string) http.Handler {
	tracer := otel.Tracer("edge")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := otel.GetTextMapPropagator().Extract(r.Context(), propagation.HeaderCarrier(r.Header))
		ctx, span := tracer.Start(ctx, r.Method+" "+r.URL.Path, trace.WithSpanKind(trace.SpanKindServer))
		defer span.End()

		ctx, call := tracer.Start(ctx, "ask", trace.WithSpanKind(trace.SpanKindClient))
		defer call.End()
		request, err := http.NewRequestWithContext(ctx, r.Method, behind+r.URL.RequestURI(), nil)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		otel.GetTextMapPropagator().Inject(ctx, propagation.HeaderCarrier(request.Header))
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			call.SetStatus(codes.Error, err.Error())
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		defer response.Body.Close()
		w.WriteHeader(response.StatusCode)
		io.Copy(w, response.Body)
	})
}
