#[allow(unused)]
fn handle(request: Request) -> impl ::core::future::Future<Output = ()> {
    static __OTEL_CALLSITE: crate::telemetry::__private::Callsite = crate::telemetry::__private::Callsite::new(
            crate::telemetry::__private::here(&|| ()),
            ::core::file!(),
            ::core::line!(),
            ::core::option_env!("CARGO_PKG_NAME"),
            ::core::option_env!("CARGO_PKG_VERSION"),
        )
        .hangs_elsewhere();
    crate::telemetry::__private::traced_future(async move {
        if false {
            let _ = &request;
            return;
        }
        if !__OTEL_CALLSITE.is_off() {
            crate::telemetry::__private::begin_future(
                &__OTEL_CALLSITE,
                &mut crate::telemetry::__private::once(|__otel_start| {
                    if __otel_start.parent(request.context()) {
                        __otel_start.name(request.route());
                    }
                }),
            );
        }
        { request.answer().await }
    })
}
