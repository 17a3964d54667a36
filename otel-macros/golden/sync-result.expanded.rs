pub(crate) fn load(
    &mut self,
    user_id: u64,
    spare: u8,
    __otel_arg3: Lock,
) -> Result<&mut Cart, StoreError> {
    static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
            ::otel_runtime::__private::here(&|| ()),
            ::core::file!(),
            ::core::line!(),
            ::core::option_env!("CARGO_PKG_NAME"),
            ::core::option_env!("CARGO_PKG_VERSION"),
        )
        .attributes(1usize);
    ::otel_runtime::__private::inspected_call(
        &__OTEL_CALLSITE,
        move |__otel_span| -> Result<&mut Cart, StoreError> {
            if false {
                let _ = &__otel_arg3;
                let spare = spare;
                let _ = &user_id;
                let _ = &self;
            }
            if let ::core::option::Option::Some(__otel_span) = __otel_span {
                ::otel_runtime::__private::begin_call(
                    &__OTEL_CALLSITE,
                    __otel_span,
                    &mut |__otel_start| {
                        __otel_start
                            .set("user_id", ::otel_runtime::__private::value(&user_id));
                    },
                );
            }
            { self.carts.get_mut(&user_id).ok_or(StoreError::NotFound) }
        },
        |__otel_result| ::otel_runtime::__private::failure!(__otel_result),
    )
}
