#[track_caller]
fn caller() -> &'static Location<'static> {
    static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
        ::otel_runtime::__private::here(&|| ()),
        ::core::file!(),
        ::core::line!(),
        ::core::option_env!("CARGO_PKG_NAME"),
        ::core::option_env!("CARGO_PKG_VERSION"),
    );
    let __otel_span = if __OTEL_CALLSITE.is_off() {
        ::otel_runtime::__private::Guard::OFF
    } else {
        ::otel_runtime::__private::enter(
            &__OTEL_CALLSITE,
            &mut ::otel_runtime::__private::nothing,
        )
    };
    { Location::caller() }
}
