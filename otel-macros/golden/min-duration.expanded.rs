impl Cart {
    fn cached(&self) -> u32 {
        static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
                ::otel_runtime::__private::here(&|| ()),
                ::core::file!(),
                ::core::line!(),
                ::core::option_env!("CARGO_PKG_NAME"),
                ::core::option_env!("CARGO_PKG_VERSION"),
            )
            .min_duration(5000000);
        ::otel_runtime::__private::traced_call(
            &__OTEL_CALLSITE,
            move |__otel_span| -> u32 {
                if false {
                    let _ = &self;
                }
                if let ::core::option::Option::Some(__otel_span) = __otel_span {
                    ::otel_runtime::__private::begin_call(
                        &__OTEL_CALLSITE,
                        __otel_span,
                        &mut ::otel_runtime::__private::nothing,
                    );
                }
                { self.total }
            },
        )
    }
    fn load(&mut self) -> impl ::core::future::Future<Output = ()> {
        static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
                ::otel_runtime::__private::here(&|| ()),
                ::core::file!(),
                ::core::line!(),
                ::core::option_env!("CARGO_PKG_NAME"),
                ::core::option_env!("CARGO_PKG_VERSION"),
            )
            .min_duration(1500000000);
        ::otel_runtime::__private::traced_future(async move {
            if false {
                let _ = &self;
                return;
            }
            if !__OTEL_CALLSITE.is_off() {
                ::otel_runtime::__private::begin_future(
                    &__OTEL_CALLSITE,
                    &mut ::otel_runtime::__private::nothing,
                );
            }
            {
                self.total = fetch().await;
            }
        })
    }
}
