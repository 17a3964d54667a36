fn consume(caller: Context, batch: &[Message]) {
    static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
            ::otel_runtime::__private::here(&|| ()),
            ::core::file!(),
            ::core::line!(),
            ::core::option_env!("CARGO_PKG_NAME"),
            ::core::option_env!("CARGO_PKG_VERSION"),
        )
        .hangs_elsewhere();
    ::otel_runtime::__private::traced_call(
        &__OTEL_CALLSITE,
        move |__otel_span| -> () {
            if false {
                let _ = &batch;
                let _ = &caller;
            }
            if let ::core::option::Option::Some(__otel_span) = __otel_span {
                ::otel_runtime::__private::begin_call(
                    &__OTEL_CALLSITE,
                    __otel_span,
                    &mut ::otel_runtime::__private::once(|__otel_start| {
                        if __otel_start.root() {
                            __otel_start.link(&caller);
                            __otel_start.link(batch.iter().map(Message::span));
                        }
                    }),
                );
            }
            {
                drop(caller);
            }
        },
    )
}
