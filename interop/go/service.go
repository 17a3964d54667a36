package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
)

// service does what `tests/examples/relay` does, under otelhttp and otelgrpc. Without a `stock` it asks its own.
func service(ctx context.Context, address, grpcAddress, stock string) error {
	listener, err := net.Listen("tcp", grpcAddress)
	if err != nil {
		return err
	}
	var behind *grpc.ClientConn
	if stock != "" {
		if behind, err = dial(stock); err != nil {
			return err
		}
	}
	server := grpc.NewServer(grpc.StatsHandler(otelgrpc.NewServerHandler()))
	server.RegisterService(&stockService, shelves{behind})
	go server.Serve(listener)
	defer server.GracefulStop()

	own, err := dial(grpcAddress)
	if err != nil {
		return err
	}
	asks := web{http.Client{Transport: otelhttp.NewTransport(http.DefaultTransport)}, own}
	routes := http.NewServeMux()
	routes.HandleFunc("/items/{item}", asks.item)
	routes.HandleFunc("GET /checkout/{item}", asks.checkout)
	routes.HandleFunc("GET /watch/{item}", asks.watch)
	return serve(ctx, address, otelhttp.NewHandler(routes, "service"))
}

func dial(target string) (*grpc.ClientConn, error) {
	return grpc.NewClient(target,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithStatsHandler(otelgrpc.NewClientHandler()),
	)
}

// web is what is asked over HTTP.
type web struct {
	client http.Client
	stock  *grpc.ClientConn
}

// item passes on what the service at the URL in `then` answers.
func (asks web) item(w http.ResponseWriter, r *http.Request) {
	request, err := http.NewRequestWithContext(r.Context(), r.Method, r.URL.Query().Get("then"), nil)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	response, err := asks.client.Do(request)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer response.Body.Close()
	w.WriteHeader(response.StatusCode)
	io.Copy(w, response.Body)
}

func (asks web) checkout(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := within(r)
	defer cancel()
	number, err := count(ctx, asks.stock, r.PathValue("item"))
	if err != nil {
		refuse(w, err)
		return
	}
	fmt.Fprint(w, number)
}

func (asks web) watch(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := within(r)
	defer cancel()
	var numbers []string
	err := watch(ctx, asks.stock, r.PathValue("item"), func(number uint32) error {
		numbers = append(numbers, fmt.Sprint(number))
		return nil
	})
	if err != nil {
		refuse(w, err)
		return
	}
	fmt.Fprint(w, strings.Join(numbers, " "))
}

// within gives the request as many milliseconds as it says.
func within(r *http.Request) (context.Context, context.CancelFunc) {
	if within, err := strconv.Atoi(r.URL.Query().Get("within")); err == nil {
		return context.WithTimeout(r.Context(), time.Duration(within)*time.Millisecond)
	}
	return context.WithCancel(r.Context())
}

func refuse(w http.ResponseWriter, err error) {
	answer := http.StatusBadGateway
	switch status.Code(err) {
	case codes.NotFound:
		answer = http.StatusNotFound
	case codes.DeadlineExceeded, codes.Canceled:
		answer = http.StatusGatewayTimeout
	}
	http.Error(w, err.Error(), answer)
}
