pub(crate) fn load(
    &mut self,
    user_id: u64,
    spare: u8,
    #[cfg(doc)]
    _: Lock,
    #[cfg(not(doc))]
    __otel_arg3: Lock,
) -> Result<&mut Cart, StoreError> {
    static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
        ::otel_runtime::__private::here(&|| ()),
        ::core::panic::Location::caller(),
        "shop",
        "1.2.3",
        1,
    );
    ::otel_runtime::__private::inspected_call(
        move |__otel_span| -> Result<&mut Cart, StoreError> {
            if false {
                #[cfg(not(doc))]
                let _ = &__otel_arg3;
            }
            #[cfg(not(doc))]
            let __otel_arg3 = __otel_arg3;
            #[cfg(not(doc))]
            let _ = __otel_arg3;
            if !__OTEL_CALLSITE.is_off() {
                if let ::core::option::Option::Some(__otel_start) = __otel_span
                    .begin(&__OTEL_CALLSITE)
                {
                    __otel_start.value("user_id", &user_id);
                }
                __otel_span.enter();
            }
            { self.carts.get_mut(&user_id).ok_or(StoreError::NotFound) }
        },
        |__otel_result| ::otel_runtime::__private::failure!(__otel_result),
    )
}
