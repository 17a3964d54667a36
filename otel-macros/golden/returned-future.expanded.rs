fn load(id: u64) -> impl Future<Output = Result<impl Read, E>> + Send {
    static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
        ::otel_runtime::__private::here(&|| ()),
        ::core::panic::Location::caller(),
        "shop",
        "1.2.3",
        1,
    );
    let (__otel_made, __otel_start) = ::otel_runtime::__private::make(
        &__OTEL_CALLSITE,
        move |__otel_start| -> _ {
            if let ::core::option::Option::Some(__otel_start) = __otel_start {
                __otel_start.value("id", &id);
            }
            {
                count();
                async move { fetch(id).await }
            }
        },
    );
    ::otel_runtime::__private::made_future::<
        _,
        Result<_, E>,
        _,
    >(
        __otel_made,
        __otel_start,
        |__otel_result| ::otel_runtime::__private::failure!(__otel_result),
    )
}
