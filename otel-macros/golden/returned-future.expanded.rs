fn load(id: u64) -> impl Future<Output = Result<impl Read, E>> + Send {
    static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
            ::otel_runtime::__private::here(&|| ()),
            ::core::file!(),
            ::core::line!(),
            ::core::option_env!("CARGO_PKG_NAME"),
            ::core::option_env!("CARGO_PKG_VERSION"),
        )
        .attributes(1usize);
    let (__otel_made, __otel_start) = ::otel_runtime::__private::make(
        &__OTEL_CALLSITE,
        move |__otel_start| -> _ {
            if false {
                let _ = &id;
            }
            if let ::core::option::Option::Some(__otel_start) = __otel_start {
                __otel_start.set("id", ::otel_runtime::__private::value(&id));
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
