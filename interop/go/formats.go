package main

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"os"

	"go.opentelemetry.io/contrib/propagators/aws/xray"
	"go.opentelemetry.io/contrib/propagators/b3"
	"go.opentelemetry.io/contrib/propagators/jaeger"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

var propagators = map[string]propagation.TextMapPropagator{
	"b3":      b3.New(b3.WithInjectEncoding(b3.B3SingleHeader)),
	"b3multi": b3.New(b3.WithInjectEncoding(b3.B3MultipleHeader)),
	"jaeger":  jaeger.Jaeger{},
	"xray":    xray.Propagator{},
}

// called is a line of standard input: headers to read, or without them a context to write.
type called struct {
	Format  string
	Headers map[string]string
	Trace   string
	Span    string
	Sampled bool
}

// carried is a context, and the headers that are written of it.
type carried struct {
	Trace   string                 `json:"trace"`
	Span    string                 `json:"span"`
	Sampled bool                   `json:"sampled"`
	Headers propagation.MapCarrier `json:"headers"`
}

// formats answers each line of standard input with one.
func formats() error {
	answers := json.NewEncoder(os.Stdout)
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		var call called
		if err := json.Unmarshal(lines.Bytes(), &call); err != nil {
			return err
		}
		ctx, err := call.context()
		if err != nil {
			return err
		}
		headers := propagation.MapCarrier{}
		propagators[call.Format].Inject(ctx, headers)
		span := trace.SpanContextFromContext(ctx)
		answers.Encode(carried{span.TraceID().String(), span.SpanID().String(), span.IsSampled(), headers})
	}
	return nil
}

func (call called) context() (context.Context, error) {
	if call.Headers != nil {
		headers := http.Header{}
		for name, value := range call.Headers {
			headers.Set(name, value)
		}
		return propagators[call.Format].Extract(context.Background(), propagation.HeaderCarrier(headers)), nil
	}
	traceID, err := trace.TraceIDFromHex(call.Trace)
	if err != nil {
		return nil, err
	}
	spanID, err := trace.SpanIDFromHex(call.Span)
	if err != nil {
		return nil, err
	}
	span := trace.NewSpanContext(trace.SpanContextConfig{
		TraceID: traceID, SpanID: spanID, TraceFlags: trace.TraceFlags(0).WithSampled(call.Sampled),
	})
	return trace.ContextWithRemoteSpanContext(context.Background(), span), nil
}
