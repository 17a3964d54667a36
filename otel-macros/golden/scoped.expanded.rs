fn load(&self, parent: &Context, tenant: u64, id: u64) -> Cart {
    static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
            ::otel_runtime::__private::here(&|| ()),
            ::core::panic::Location::caller(),
            "shop",
            "1.2.3",
            1,
        )
        .hangs_elsewhere()
        .scoped()
        .skip_pii(
            &[
                ("id", &["id"]),
                ("tenant.id", &["tenant.id", "tenant"]),
                ("shard", &["shard"]),
            ],
            ::core::option_env!("OTEL_TRACED_PII"),
        );
    let mut __otel_span = ::otel_runtime::__private::Span::none();
    if !__OTEL_CALLSITE.is_off() {
        if let ::core::option::Option::Some(__otel_start) = __otel_span
            .begin(&__OTEL_CALLSITE)
        {
            __otel_start.parent(&parent);
            if __otel_start.is_wanted() {
                if const {
                    !::otel_runtime::__private::is_pii(
                        &["id"],
                        ::core::option_env!("OTEL_TRACED_PII"),
                    )
                } {
                    __otel_start.value("id", &id);
                }
            }
            if __otel_start.is_wanted_inside() {
                if const {
                    !::otel_runtime::__private::is_pii(
                        &["tenant.id", "tenant"],
                        ::core::option_env!("OTEL_TRACED_PII"),
                    )
                } {
                    __otel_start.scoped_value("tenant.id", &tenant);
                }
                if const {
                    !::otel_runtime::__private::is_pii(
                        &["shard"],
                        ::core::option_env!("OTEL_TRACED_PII"),
                    )
                } {
                    __otel_start
                        .attempt(|__otel_start| {
                            __otel_start.scoped_value("shard", &self.shard);
                        });
                }
            }
        }
        __otel_span.enter();
    }
    { self.fetch(id) }
}
