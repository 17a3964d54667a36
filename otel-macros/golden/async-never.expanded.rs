fn serve() -> impl ::core::future::Future<
    Output = <fn() -> ! as ::otel_runtime::__private::Out>::Output,
> {
    static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
            ::otel_runtime::__private::here(&|| ()),
            ::core::file!(),
            ::core::line!(),
            ::core::option_env!("CARGO_PKG_NAME"),
            ::core::option_env!("CARGO_PKG_VERSION"),
        )
        .hangs_elsewhere();
    ::otel_runtime::__private::traced_future(async move {
        if !__OTEL_CALLSITE.is_off() {
            ::otel_runtime::__private::begin_future(
                &__OTEL_CALLSITE,
                &mut |__otel_start| {
                    let _ = __otel_start.root();
                },
            );
        }
        { loop {} }
    })
}
