fn cart(&self, user_id: u64, order: &Order, items: &[Item]) -> Cart {
    static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
            ::otel_runtime::__private::here(&|| ()),
            ::core::file!(),
            ::core::line!(),
            ::core::option_env!("CARGO_PKG_NAME"),
            ::core::option_env!("CARGO_PKG_VERSION"),
        )
        .name("GET /cart")
        .kind(::otel_runtime::__private::SpanKind::Server)
        .attributes(5usize);
    ::otel_runtime::__private::traced_call(
        &__OTEL_CALLSITE,
        move |__otel_span| -> Cart {
            if false {
                let _ = &items;
                let _ = &order;
                let _ = &user_id;
                let _ = &self;
            }
            if let ::core::option::Option::Some(__otel_span) = __otel_span {
                ::otel_runtime::__private::begin_call(
                    &__OTEL_CALLSITE,
                    __otel_span,
                    &mut ::otel_runtime::__private::once(|__otel_start| {
                        __otel_start
                            .set("user_id", ::otel_runtime::__private::value(&user_id));
                        __otel_start
                            .set(
                                "order.id",
                                ::otel_runtime::__private::value(&order.id()),
                            );
                        __otel_start
                            .set(
                                "total",
                                ::otel_runtime::__private::display(&order.total),
                            );
                        __otel_start
                            .set("items", ::otel_runtime::__private::debug(&items));
                        __otel_start
                            .set("shard", ::otel_runtime::__private::value(&self.shard));
                    }),
                );
            }
            { Cart::of(order) }
        },
    )
}
