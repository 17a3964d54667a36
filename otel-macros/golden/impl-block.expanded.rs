impl<const N: usize> Store for Shop<{ N + 1 }> {
    const SIZE: usize = { 1 };
    type Cart = Vec<u8>;
    const fn size() -> usize {
        1
    }
    fn load(&self) -> u64 {
        static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
                ::otel_runtime::__private::here(&|| ()),
                ::core::panic::Location::caller(),
                "shop",
                "1.2.3",
                1,
            )
            .skip_pii(&[("shard", &["shard"])], ::core::option_env!("OTEL_TRACED_PII"));
        let mut __otel_span = ::otel_runtime::__private::Span::none();
        if !__OTEL_CALLSITE.is_off() {
            if let ::core::option::Option::Some(__otel_start) = __otel_span
                .begin(&__OTEL_CALLSITE)
            {
                if const {
                    !::otel_runtime::__private::is_pii(
                        &["shard"],
                        ::core::option_env!("OTEL_TRACED_PII"),
                    )
                } {
                    __otel_start
                        .attempt(|__otel_start| {
                            __otel_start.value("shard", &self.shard);
                        });
                }
            }
            __otel_span.enter();
        }
        { 1 }
    }
    default fn store(&self, id: u64) {
        static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
                ::otel_runtime::__private::here(&|| ()),
                ::core::panic::Location::caller(),
                "shop",
                "1.2.3",
                2,
            )
            .name("stored");
        let mut __otel_span = ::otel_runtime::__private::Span::none();
        if !__OTEL_CALLSITE.is_off() {
            if let ::core::option::Option::Some(__otel_start) = __otel_span
                .begin(&__OTEL_CALLSITE)
            {
                __otel_start.value("shard", &2);
                __otel_start.value("id", &id);
            }
            __otel_span.enter();
        }
        {}
    }
    fn left_out(&self) {}
    made_elsewhere! {
        fn other(& self) {}
    }
}
