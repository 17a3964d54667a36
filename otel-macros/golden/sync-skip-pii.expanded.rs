fn greet(user_id: u64, customer: &Customer) {
    static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
            ::otel_runtime::__private::here(&|| ()),
            ::core::file!(),
            ::core::line!(),
            ::core::option_env!("CARGO_PKG_NAME"),
            ::core::option_env!("CARGO_PKG_VERSION"),
        )
        .attributes(2usize)
        .skip_pii(
            &[
                ("user_id", &["user_id"]),
                ("contact", &["contact", "customer.email", "customer", "email"]),
            ],
            ::core::option_env!("OTEL_TRACED_PII"),
        );
    ::otel_runtime::__private::traced_call(
        &__OTEL_CALLSITE,
        move |__otel_span| -> () {
            if false {
                let _ = &customer;
                let _ = &user_id;
            }
            if let ::core::option::Option::Some(__otel_span) = __otel_span {
                ::otel_runtime::__private::begin_call(
                    &__OTEL_CALLSITE,
                    __otel_span,
                    &mut |__otel_start| {
                        if const {
                            !::otel_runtime::__private::is_pii(
                                &["user_id"],
                                ::core::option_env!("OTEL_TRACED_PII"),
                            )
                        } {
                            __otel_start
                                .set("user_id", ::otel_runtime::__private::value(&user_id));
                        }
                        if const {
                            !::otel_runtime::__private::is_pii(
                                &["contact", "customer.email", "customer", "email"],
                                ::core::option_env!("OTEL_TRACED_PII"),
                            )
                        } {
                            __otel_start
                                .set(
                                    "contact",
                                    ::otel_runtime::__private::display(&customer.email),
                                );
                        }
                    },
                );
            }
            {}
        },
    )
}
