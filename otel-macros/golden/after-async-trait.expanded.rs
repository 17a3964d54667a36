fn load<'life0, 'async_trait>(
    &'life0 self,
    id: u64,
) -> ::core::pin::Pin<
    Box<
        dyn ::core::future::Future<
            Output = Result<u64, E>,
        > + ::core::marker::Send + 'async_trait,
    >,
>
where
    'life0: 'async_trait,
    Self: 'async_trait,
{
    static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
        ::otel_runtime::__private::here(&|| ()),
        ::core::panic::Location::caller(),
        "shop",
        "1.2.3",
        1,
    );
    match ::otel_runtime::__private::make(
        &__OTEL_CALLSITE,
        move |
            __otel_start,
        | -> ::core::pin::Pin<
            Box<
                dyn ::core::future::Future<
                    Output = Result<u64, E>,
                > + ::core::marker::Send + 'async_trait,
            >,
        > {
            if let ::core::option::Option::Some(__otel_start) = __otel_start {
                __otel_start.value("id", &id);
            }
            {
                Box::pin(async move {
                    let __self = self;
                    Ok(id)
                })
            }
        },
    ) {
        (__otel_made, ::core::option::Option::None) => __otel_made,
        (__otel_made, __otel_start) => {
            ::otel_runtime::__private::boxed(
                ::otel_runtime::__private::made_future::<
                    _,
                    Result<u64, E>,
                    _,
                >(
                    __otel_made,
                    __otel_start,
                    |__otel_result| ::otel_runtime::__private::failure!(__otel_result),
                ),
            )
        }
    }
}
