fn rows(&self, id: u64) -> impl Stream<Item = u64> + '_ {
    static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
        ::otel_runtime::__private::here(&|| ()),
        ::core::panic::Location::caller(),
        "shop",
        "1.2.3",
        0,
    );
    let (__otel_made, __otel_start) = ::otel_runtime::__private::make(
        &__OTEL_CALLSITE,
        move |_| -> _ { { self.0.query(id) } },
    );
    ::otel_runtime::__private::made_stream(__otel_made, __otel_start)
}
