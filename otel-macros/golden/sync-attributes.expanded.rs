fn cart(&self, user_id: u64, order: &Order, items: &[Item]) -> Cart {
    static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
            ::otel_runtime::__private::here(&|| ()),
            ::core::panic::Location::caller(),
            "shop",
            "1.2.3",
            5,
        )
        .name("GET /cart")
        .kind(::otel_runtime::__private::SpanKind::Server);
    let mut __otel_span = ::otel_runtime::__private::Span::none();
    if !__OTEL_CALLSITE.is_off() {
        if let ::core::option::Option::Some(__otel_start) = __otel_span
            .begin(&__OTEL_CALLSITE)
        {
            __otel_start.value("user_id", &user_id);
            __otel_start
                .attempt(|__otel_start| {
                    __otel_start.value("order.id", &order.id());
                });
            __otel_start
                .attempt(|__otel_start| {
                    __otel_start.display("total", &order.total);
                });
            __otel_start.debug("items", &items);
            __otel_start
                .attempt(|__otel_start| {
                    __otel_start.value("shard", &self.shard);
                });
        }
        __otel_span.enter();
    }
    { Cart::of(order) }
}
