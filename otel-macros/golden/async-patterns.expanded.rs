fn swap<'a, T>(
    &'a self,
    (a, b): (T, T),
    #[cfg(unix)]
    c: u8,
    #[cfg(doc)]
    _: Lock,
    #[cfg(not(doc))]
    __otel_arg3: Lock,
) -> impl ::core::future::Future<Output = impl Iterator<Item = T> + 'a> {
    static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
        ::otel_runtime::__private::here(&|| ()),
        ::core::panic::Location::caller(),
        "shop",
        "1.2.3",
        0,
    );
    ::otel_runtime::__private::traced_future(async move {
        if false {
            #[cfg(not(doc))]
            let _ = &__otel_arg3;
            let _ = &b;
            let _ = &a;
            return ::otel_runtime::__private::hint::<_>();
        }
        let a = a;
        let mut b = b;
        #[cfg(not(doc))]
        let __otel_arg3 = __otel_arg3;
        #[cfg(not(doc))]
        let _ = __otel_arg3;
        if !__OTEL_CALLSITE.is_off() {
            let mut __otel_span = ::otel_runtime::__private::Span::none();
            __otel_span.open_future(&__OTEL_CALLSITE);
        }
        { [b, a].into_iter() }
    })
}
