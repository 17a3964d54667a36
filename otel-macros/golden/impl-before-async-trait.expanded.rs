#[async_trait]
impl Store for Shop {
    async fn load(&self, id: u64) -> Result<Cart, StoreError> {
        static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
                ::otel_runtime::__private::here(&|| ()),
                ::core::file!(),
                ::core::line!(),
                ::core::option_env!("CARGO_PKG_NAME"),
                ::core::option_env!("CARGO_PKG_VERSION"),
            )
            .attributes(1usize);
        ::otel_runtime::__private::traced_result(
                async move {
                    if false {
                        let _ = &id;
                        let _ = &self;
                        return ::otel_runtime::__private::hint::<
                            Result<Cart, StoreError>,
                        >();
                    }
                    if !__OTEL_CALLSITE.is_off() {
                        ::otel_runtime::__private::begin_future(
                            &__OTEL_CALLSITE,
                            &mut |__otel_start| {
                                __otel_start
                                    .set("id", ::otel_runtime::__private::value(&id));
                            },
                        );
                    }
                    { fetch(id).await }
                },
                |__otel_result| ::otel_runtime::__private::failure!(__otel_result),
            )
            .await
    }
}
