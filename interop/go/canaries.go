package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"os"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// canary is a line of standard input: what must not be seen behind the Collector, or what must be, as a text and, if it
// is one, as a number.
type canary struct {
	Name   string
	Text   string
	Number int64
	State  string
}

// canaries makes a span of each, with the text wherever a span has room for one.
func canaries(ctx context.Context) error {
	exporter, err := otlptracegrpc.New(ctx)
	if err != nil {
		return err
	}
	defer exporter.Shutdown(ctx)
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		var each canary
		if err := json.Unmarshal(lines.Bytes(), &each); err != nil {
			return err
		}
		if err := each.span(ctx, exporter); err != nil {
			return err
		}
	}
	return nil
}

func (it canary) span(ctx context.Context, exporter sdk.SpanExporter) error {
	text := attribute.String("text", it.Text)
	provider := sdk.NewTracerProvider(
		sdk.WithSyncer(exporter),
		sdk.WithResource(resource.NewSchemaless(attribute.String("service.name", "canaries"), text)),
	)
	tracer := provider.Tracer("scope "+it.Text,
		trace.WithInstrumentationVersion(it.Text), trace.WithInstrumentationAttributes(text))
	state, err := trace.ParseTraceState(it.State)
	if err != nil {
		return err
	}
	caller := trace.NewSpanContext(trace.SpanContextConfig{
		TraceID: trace.TraceID{1}, SpanID: trace.SpanID{1}, TraceFlags: trace.FlagsSampled, TraceState: state, Remote: true,
	})
	ctx = trace.ContextWithRemoteSpanContext(ctx, caller)
	_, span := tracer.Start(ctx, it.Text,
		trace.WithAttributes(
			attribute.String("canary", it.Name),
			text,
			attribute.StringSlice("texts", []string{"first", it.Text}),
			attribute.String("key "+it.Text, "value"),
			attribute.Int64("card.number", it.Number),
			attribute.Int64Slice("card.numbers", []int64{1, it.Number}),
			attribute.String("db.query.text", "SELECT * FROM users WHERE note = '"+it.Text+"'"),
			attribute.String("url.full", "https://shop.example/orders?note="+it.Text),
		),
		trace.WithLinks(trace.Link{SpanContext: caller, Attributes: []attribute.KeyValue{text}}),
	)
	span.AddEvent("event "+it.Text, trace.WithAttributes(text))
	span.RecordError(errors.New("failed: " + it.Text))
	span.SetStatus(codes.Error, "failed: "+it.Text)
	span.End()
	// Shutdown would end the exporter, which all of them share.
	return provider.ForceFlush(ctx)
}
