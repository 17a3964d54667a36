#[allow(unused)]
fn handle(request: Request) -> impl ::core::future::Future<Output = ()> {
    static __OTEL_CALLSITE: crate::telemetry::__private::Callsite = crate::telemetry::__private::Callsite::new(
            crate::telemetry::__private::here(&|| ()),
            ::core::panic::Location::caller(),
            "shop",
            "1.2.3",
            0,
        )
        .hangs_elsewhere();
    crate::telemetry::__private::traced_future(async move {
        if false {
            let _ = &request;
            return;
        }
        if !__OTEL_CALLSITE.is_off() {
            let mut __otel_span = crate::telemetry::__private::Span::none();
            if let ::core::option::Option::Some(__otel_start) = __otel_span
                .begin_future(&__OTEL_CALLSITE)
            {
                __otel_start
                    .attempt(|__otel_start| {
                        __otel_start.parent(&request.context());
                    });
                if __otel_start.is_wanted() {
                    __otel_start
                        .attempt(|__otel_start| {
                            __otel_start.name(request.route());
                        });
                }
            }
            __otel_span.poll();
        }
        { #![allow(unused)] request.answer().await }
    })
}
