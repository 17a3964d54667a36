package main

import (
	"context"
	"io"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

// The service `shop.v1.Stock` of examples/stock. On the wire its `Item` is a StringValue, its `Pieces` a UInt32Value.
var stockService = grpc.ServiceDesc{
	ServiceName: "shop.v1.Stock",
	HandlerType: (*any)(nil),
	Methods:     []grpc.MethodDesc{{MethodName: "Count", Handler: handleCount}},
	Streams:     []grpc.StreamDesc{{StreamName: "Watch", Handler: handleWatch, ServerStreams: true}},
}

// shelves asks the stock behind it, if there is one.
type shelves struct {
	behind *grpc.ClientConn
}

func (s shelves) count(ctx context.Context, item string) (uint32, error) {
	switch {
	case s.behind != nil:
		return count(ctx, s.behind, item)
	case item == "book":
		return 7, nil
	case item == "lamp":
		return 1, nil
	case item == "ruin":
		return 0, status.Error(codes.Internal, "the shelf fell down")
	case item == "rarity":
		// It is looked for until the deadline of whoever asks.
		<-ctx.Done()
		return 0, status.FromContextError(ctx.Err()).Err()
	}
	return 0, status.Error(codes.NotFound, "no such item")
}

func (s shelves) watch(ctx context.Context, item string, each func(uint32) error) error {
	if s.behind != nil {
		return watch(ctx, s.behind, item, each)
	}
	number, err := s.count(ctx, item)
	for sold := uint32(0); sold < 3 && err == nil; sold++ {
		err = each(max(number, sold) - sold)
	}
	return err
}

func handleCount(
	srv any, ctx context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor,
) (any, error) {
	item := new(wrapperspb.StringValue)
	if err := decode(item); err != nil {
		return nil, err
	}
	number, err := srv.(shelves).count(ctx, item.Value)
	if err != nil {
		return nil, err
	}
	return wrapperspb.UInt32(number), nil
}

func handleWatch(srv any, stream grpc.ServerStream) error {
	item := new(wrapperspb.StringValue)
	if err := stream.RecvMsg(item); err != nil {
		return err
	}
	return srv.(shelves).watch(stream.Context(), item.Value, func(number uint32) error {
		return stream.SendMsg(wrapperspb.UInt32(number))
	})
}

func count(ctx context.Context, stock *grpc.ClientConn, item string) (uint32, error) {
	pieces := new(wrapperspb.UInt32Value)
	err := stock.Invoke(ctx, "/shop.v1.Stock/Count", wrapperspb.String(item), pieces)
	return pieces.Value, err
}

func watch(ctx context.Context, stock *grpc.ClientConn, item string, each func(uint32) error) error {
	stream, err := stock.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true}, "/shop.v1.Stock/Watch")
	if err != nil {
		return err
	}
	if err := stream.SendMsg(wrapperspb.String(item)); err != nil {
		return err
	}
	if err := stream.CloseSend(); err != nil {
		return err
	}
	for {
		pieces := new(wrapperspb.UInt32Value)
		switch err := stream.RecvMsg(pieces); err {
		case nil:
		case io.EOF:
			return nil
		default:
			return err
		}
		if err := each(pieces.Value); err != nil {
			return err
		}
	}
}
