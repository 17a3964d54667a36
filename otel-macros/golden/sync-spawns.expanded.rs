fn fetch(ids: Vec<u64>) -> usize {
    static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
        ::otel_runtime::__private::here(&|| ()),
        ::core::file!(),
        ::core::line!(),
        ::core::option_env!("CARGO_PKG_NAME"),
        ::core::option_env!("CARGO_PKG_VERSION"),
    );
    ::otel_runtime::__private::traced_call(
        &__OTEL_CALLSITE,
        move |__otel_span| -> usize {
            if false {
                let _ = &ids;
            }
            if let ::core::option::Option::Some(__otel_span) = __otel_span {
                ::otel_runtime::__private::begin_call(
                    &__OTEL_CALLSITE,
                    __otel_span,
                    &mut ::otel_runtime::__private::nothing,
                );
            }
            {
                #[allow(unused_imports)]
                use ::otel_runtime::__private::probes::Uncarried as _;
                let index = std::thread::spawn(
                    ::otel_runtime::__private::carry(move || index(&ids)),
                );
                let (left, right) = ::otel_runtime::__private::both(
                        || tokio::spawn(
                            ::otel_runtime::__private::Given::new(left()).carry_future(),
                        ),
                        right,
                    )
                    .by(rayon::join);
                let boxed = tokio::spawn::<
                    _,
                >(
                    ::otel_runtime::__private::carry_future::<
                        BoxFuture<usize>,
                    >(Box::pin(later())),
                );
                tokio::join!(
                    left,
                    tokio::task::spawn_blocking(::otel_runtime::__private::Given::new(right)
                    .carry()), my::tokio::spawn(boxed)
                );
                index.join().unwrap_or_default()
            }
        },
    )
}
