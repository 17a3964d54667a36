fn pay(
    email: &str,
    card: &Card,
    phone: &str,
    note: &str,
    login: &str,
    password: &str,
    tenant: &str,
) {
    static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
            ::otel_runtime::__private::here(&|| ()),
            ::core::panic::Location::caller(),
            "shop",
            "1.2.3",
            6,
        )
        .scoped()
        .skip_pii(
            &[
                ("email", &[]),
                ("card", &[]),
                ("phone", &[]),
                ("note", &["note", "address"]),
                ("login", &[]),
                ("password", &["password"]),
                ("tenant", &[]),
            ],
            ::core::option_env!("OTEL_TRACED_PII"),
        );
    let mut __otel_span = ::otel_runtime::__private::Span::none();
    if !__OTEL_CALLSITE.is_off() {
        if let ::core::option::Option::Some(__otel_start) = __otel_span
            .begin(&__OTEL_CALLSITE)
        {
            if __otel_start.is_wanted() {
                __otel_start.hash("email", &email);
                __otel_start
                    .attempt(|__otel_start| {
                        __otel_start.mask_all_but_last("card", &card.number(), 4);
                    });
                __otel_start
                    .attempt(|__otel_start| {
                        __otel_start.truncate("phone", &phone, 3);
                    });
                if const {
                    !::otel_runtime::__private::is_pii(
                        &["note", "address"],
                        ::core::option_env!("OTEL_TRACED_PII"),
                    )
                } {
                    __otel_start.value("note", &note);
                }
                __otel_start.value("login", &login);
                if const {
                    !::otel_runtime::__private::is_pii(
                        &["password"],
                        ::core::option_env!("OTEL_TRACED_PII"),
                    )
                } {
                    __otel_start.value("password", &password);
                }
            }
            if __otel_start.is_wanted_inside() {
                __otel_start.scoped_hash("tenant", &tenant);
            }
        }
        __otel_span.enter();
    }
    {}
}
