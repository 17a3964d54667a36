async fn load(id: u64, rows: &[Row]) -> Result<Cart, Missing> {
    static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
            ::otel_runtime::__private::here(&|| ()),
            ::core::panic::Location::caller(),
            "shop",
            "1.2.3",
            2,
        )
        .skip_pii(
            &[("id", &["id"]), ("rows", &["rows"])],
            ::core::option_env!("OTEL_TRACED_PII"),
        );
    if !__OTEL_CALLSITE.is_off() {
        if let ::core::option::Option::Some(mut __otel_start) = ::otel_runtime::__private::Annotation::begin(
            &__OTEL_CALLSITE,
        ) {
            if const {
                !::otel_runtime::__private::is_pii(
                    &["id"],
                    ::core::option_env!("OTEL_TRACED_PII"),
                )
            } {
                __otel_start.value("id", &id);
            }
            if const {
                !::otel_runtime::__private::is_pii(
                    &["rows"],
                    ::core::option_env!("OTEL_TRACED_PII"),
                )
            } {
                __otel_start
                    .attempt(|__otel_start| {
                        __otel_start.display("rows", &rows.len());
                    });
            }
        }
    }
    { find(id, rows).await }
}
