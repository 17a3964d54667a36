fn greet(user_id: u64, customer: &Customer) {
    static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
            ::otel_runtime::__private::here(&|| ()),
            ::core::panic::Location::caller(),
            "shop",
            "1.2.3",
            2,
        )
        .skip_pii(
            &[
                ("user_id", &["user_id"]),
                ("contact", &["contact", "customer.email", "customer", "email"]),
            ],
            ::core::option_env!("OTEL_TRACED_PII"),
        );
    let mut __otel_span = ::otel_runtime::__private::Span::none();
    if !__OTEL_CALLSITE.is_off() {
        if let ::core::option::Option::Some(__otel_start) = __otel_span
            .begin(&__OTEL_CALLSITE)
        {
            if const {
                !::otel_runtime::__private::is_pii(
                    &["user_id"],
                    ::core::option_env!("OTEL_TRACED_PII"),
                )
            } {
                __otel_start.value("user_id", &user_id);
            }
            if const {
                !::otel_runtime::__private::is_pii(
                    &["contact", "customer.email", "customer", "email"],
                    ::core::option_env!("OTEL_TRACED_PII"),
                )
            } {
                __otel_start
                    .attempt(|__otel_start| {
                        __otel_start.display("contact", &customer.email);
                    });
            }
        }
        __otel_span.enter();
    }
    {}
}
