fn fetch(ids: Vec<u64>) -> usize {
    static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
        ::otel_runtime::__private::here(&|| ()),
        ::core::panic::Location::caller(),
        "shop",
        "1.2.3",
        0,
    );
    let mut __otel_span = ::otel_runtime::__private::Span::none();
    if !__OTEL_CALLSITE.is_off() {
        __otel_span.open(&__OTEL_CALLSITE);
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
}
