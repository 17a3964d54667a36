impl<const N: usize> Store for Shop<{ N + 1 }> {
    const SIZE: usize = { 1 };
    type Cart = Vec<u8>;
    const fn size() -> usize {
        1
    }
    fn load(&self) -> u64 {
        static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
                ::otel_runtime::__private::here(&|| ()),
                ::core::file!(),
                ::core::line!(),
                ::core::option_env!("CARGO_PKG_NAME"),
                ::core::option_env!("CARGO_PKG_VERSION"),
            )
            .attributes(1usize)
            .skip_pii(&[("shard", &["shard"])], ::core::option_env!("OTEL_TRACED_PII"));
        ::otel_runtime::__private::traced_call(
            &__OTEL_CALLSITE,
            move |__otel_span| -> u64 {
                if false {
                    let _ = &self;
                }
                if let ::core::option::Option::Some(__otel_span) = __otel_span {
                    ::otel_runtime::__private::begin_call(
                        &__OTEL_CALLSITE,
                        __otel_span,
                        &mut |__otel_start| {
                            if const {
                                !::otel_runtime::__private::is_pii(
                                    &["shard"],
                                    ::core::option_env!("OTEL_TRACED_PII"),
                                )
                            } {
                                __otel_start
                                    .set(
                                        "shard",
                                        ::otel_runtime::__private::value(&self.shard),
                                    );
                            }
                        },
                    );
                }
                { 1 }
            },
        )
    }
    default fn store(&self, id: u64) {
        static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
                ::otel_runtime::__private::here(&|| ()),
                ::core::file!(),
                ::core::line!(),
                ::core::option_env!("CARGO_PKG_NAME"),
                ::core::option_env!("CARGO_PKG_VERSION"),
            )
            .name("stored")
            .attributes(2usize);
        ::otel_runtime::__private::traced_call(
            &__OTEL_CALLSITE,
            move |__otel_span| -> () {
                if false {
                    let _ = &id;
                    let _ = &self;
                }
                if let ::core::option::Option::Some(__otel_span) = __otel_span {
                    ::otel_runtime::__private::begin_call(
                        &__OTEL_CALLSITE,
                        __otel_span,
                        &mut |__otel_start| {
                            __otel_start
                                .set("shard", ::otel_runtime::__private::value(&2));
                            __otel_start
                                .set("id", ::otel_runtime::__private::value(&id));
                        },
                    );
                }
                {}
            },
        )
    }
    fn left_out(&self) {}
    made_elsewhere! {
        fn other(& self) {}
    }
}
