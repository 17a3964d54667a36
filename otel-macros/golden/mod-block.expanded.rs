pub mod shop {
    //! Its docs.
    use std::{fmt, io};
    struct Cart {
        id: u64,
    }
    impl Cart {
        fn id(&self) -> u64 {
            self.id
        }
    }
    trait Load {
        fn load(&self);
        fn twice(&self) {
            static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
                    ::otel_runtime::__private::here(&|| ()),
                    ::core::file!(),
                    ::core::line!(),
                    ::core::option_env!("CARGO_PKG_NAME"),
                    ::core::option_env!("CARGO_PKG_VERSION"),
                )
                .kind(::otel_runtime::__private::SpanKind::Client);
            ::otel_runtime::__private::traced_call(
                &__OTEL_CALLSITE,
                move |__otel_span| -> () {
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
                    { self.load() }
                },
            )
        }
    }
    extern "C" {
        fn abs(x: i32) -> i32;
    }
    mod far;
    fn one() {
        static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
                ::otel_runtime::__private::here(&|| ()),
                ::core::file!(),
                ::core::line!(),
                ::core::option_env!("CARGO_PKG_NAME"),
                ::core::option_env!("CARGO_PKG_VERSION"),
            )
            .kind(::otel_runtime::__private::SpanKind::Client);
        ::otel_runtime::__private::traced_call(
            &__OTEL_CALLSITE,
            move |__otel_span| -> () {
                if let ::core::option::Option::Some(__otel_span) = __otel_span {
                    ::otel_runtime::__private::begin_call(
                        &__OTEL_CALLSITE,
                        __otel_span,
                        &mut ::otel_runtime::__private::nothing,
                    );
                }
                {}
            },
        )
    }
}
