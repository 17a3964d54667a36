fn rows(&self, id: u64) -> impl Stream<Item = u64> + '_ {
    static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
        ::otel_runtime::__private::here(&|| ()),
        ::core::file!(),
        ::core::line!(),
        ::core::option_env!("CARGO_PKG_NAME"),
        ::core::option_env!("CARGO_PKG_VERSION"),
    );
    let (__otel_made, __otel_start) = ::otel_runtime::__private::make(
        &__OTEL_CALLSITE,
        move |_| -> _ {
            if false {
                let _ = &id;
                let _ = &self;
            }
            { self.0.query(id) }
        },
    );
    ::otel_runtime::__private::made_stream(__otel_made, __otel_start)
}
