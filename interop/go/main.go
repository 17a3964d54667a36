// The services in Go around ours: `edge`, as a tutorial has it, and `service`, under otelhttp and otelgrpc.
// `formats` is not one: it writes and reads headers as the propagators of Go do; nor is `canaries`, which sends spans.
package main

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/trace"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, arguments []string) error {
	if len(arguments) == 1 && arguments[0] == "formats" {
		return formats()
	}
	if len(arguments) == 1 && arguments[0] == "canaries" {
		return canaries(ctx)
	}
	provider, err := provide(ctx)
	if err != nil {
		return err
	}
	defer provider.Shutdown(context.Background())
	switch {
	case len(arguments) == 2 && arguments[0] == "edge":
		return serve(ctx, arguments[1], edge(os.Getenv("BEHIND")))
	case len(arguments) == 3 && arguments[0] == "service":
		return service(ctx, arguments[1], arguments[2], os.Getenv("STOCK"))
	}
	return fmt.Errorf("usage: go-peer edge ADDRESS | service ADDRESS GRPC-ADDRESS | formats | canaries")
}

// provide sends spans by gRPC to where OTEL_EXPORTER_OTLP_ENDPOINT says.
func provide(ctx context.Context) (*trace.TracerProvider, error) {
	exporter, err := otlptracegrpc.New(ctx)
	if err != nil {
		return nil, err
	}
	provider := trace.NewTracerProvider(trace.WithBatcher(exporter))
	otel.SetTracerProvider(provider)
	otel.SetTextMapPropagator(propagation.NewCompositeTextMapPropagator(
		propagation.TraceContext{}, propagation.Baggage{},
	))
	return provider, nil
}

// serve answers until the context is done.
func serve(ctx context.Context, address string, handler http.Handler) error {
	server := &http.Server{Addr: address, Handler: handler}
	go func() {
		<-ctx.Done()
		server.Shutdown(context.Background())
	}()
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		return err
	}
	return nil
}
