fn consume(caller: Context, batch: &[Message]) {
    static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
            ::otel_runtime::__private::here(&|| ()),
            ::core::panic::Location::caller(),
            "shop",
            "1.2.3",
            0,
        )
        .hangs_elsewhere();
    let mut __otel_span = ::otel_runtime::__private::Span::none();
    if !__OTEL_CALLSITE.is_off() {
        if let ::core::option::Option::Some(__otel_start) = __otel_span
            .begin(&__OTEL_CALLSITE)
        {
            __otel_start.root();
            if __otel_start.is_wanted() {
                __otel_start.link(&caller);
                __otel_start
                    .attempt(|__otel_start| {
                        __otel_start.link(batch.iter().map(Message::span));
                    });
            }
        }
        __otel_span.enter();
    }
    {
        drop(caller);
    }
}
