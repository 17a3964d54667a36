#[async_trait]
impl Store for Shop {
    async fn load(&self, id: u64) -> Result<Cart, StoreError> {
        static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
            ::otel_runtime::__private::here(&|| ()),
            ::core::panic::Location::caller(),
            "shop",
            "1.2.3",
            1,
        );
        ::otel_runtime::__private::traced_result(
                async move {
                    if false {
                        return ::otel_runtime::__private::hint::<
                            Result<Cart, StoreError>,
                        >();
                    }
                    if !__OTEL_CALLSITE.is_off() {
                        let mut __otel_span = ::otel_runtime::__private::Span::none();
                        if let ::core::option::Option::Some(__otel_start) = __otel_span
                            .begin_future(&__OTEL_CALLSITE)
                        {
                            __otel_start.value("id", &id);
                        }
                        __otel_span.poll();
                    }
                    { fetch(id).await }
                },
                |__otel_result| ::otel_runtime::__private::failure!(__otel_result),
            )
            .await
    }
}
