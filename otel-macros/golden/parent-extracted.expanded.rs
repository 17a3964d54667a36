fn handle(&self, request: Request) {
    static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
            ::otel_runtime::__private::here(&|| ()),
            ::core::panic::Location::caller(),
            "shop",
            "1.2.3",
            1,
        )
        .kind(::otel_runtime::__private::SpanKind::Server)
        .hangs_elsewhere();
    let mut __otel_span = ::otel_runtime::__private::Span::none();
    if !__OTEL_CALLSITE.is_off() {
        if let ::core::option::Option::Some(__otel_start) = __otel_span
            .begin(&__OTEL_CALLSITE)
        {
            __otel_start
                .attempt(|__otel_start| {
                    __otel_start
                        .parent(
                            &::otel_runtime::__private::received(
                                &request.headers,
                                self.trust,
                            ),
                        );
                });
            if __otel_start.is_wanted() {
                __otel_start
                    .attempt(|__otel_start| {
                        __otel_start.value("path", &request.path());
                    });
            }
        }
        __otel_span.enter();
    }
    {
        self.answer(request);
    }
}
