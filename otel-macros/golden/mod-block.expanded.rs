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
                    ::core::panic::Location::caller(),
                    "shop",
                    "1.2.3",
                    0,
                )
                .kind(::otel_runtime::__private::SpanKind::Client);
            let mut __otel_span = ::otel_runtime::__private::Span::none();
            if !__OTEL_CALLSITE.is_off() {
                __otel_span.open(&__OTEL_CALLSITE);
            }
            { self.load() }
        }
    }
    extern "C" {
        fn abs(x: i32) -> i32;
    }
    mod far;
    fn one() {
        static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
                ::otel_runtime::__private::here(&|| ()),
                ::core::panic::Location::caller(),
                "shop",
                "1.2.3",
                0,
            )
            .kind(::otel_runtime::__private::SpanKind::Client);
        let mut __otel_span = ::otel_runtime::__private::Span::none();
        if !__OTEL_CALLSITE.is_off() {
            __otel_span.open(&__OTEL_CALLSITE);
        }
        {}
    }
}
