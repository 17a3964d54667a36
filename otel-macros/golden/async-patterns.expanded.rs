fn swap<'a, T>(
    &'a self,
    __otel_arg1: (T, T),
    #[cfg(unix)]
    __otel_arg2: u8,
    __otel_arg3: Lock,
) -> impl ::core::future::Future<Output = impl Iterator<Item = T> + 'a> {
    static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
        ::otel_runtime::__private::here(&|| ()),
        ::core::file!(),
        ::core::line!(),
        ::core::option_env!("CARGO_PKG_NAME"),
        ::core::option_env!("CARGO_PKG_VERSION"),
    );
    ::otel_runtime::__private::traced_future(async move {
        if false {
            let _ = &__otel_arg3;
            #[cfg(unix)]
            let _ = &__otel_arg2;
            let _ = &__otel_arg1;
            let _ = &self;
            return ::otel_runtime::__private::hint::<_>();
        }
        let __otel_arg1 = __otel_arg1;
        let (a, mut b) = __otel_arg1;
        #[cfg(unix)]
        let __otel_arg2 = __otel_arg2;
        #[cfg(unix)]
        let c = __otel_arg2;
        let __otel_arg3 = __otel_arg3;
        let _ = __otel_arg3;
        if !__OTEL_CALLSITE.is_off() {
            ::otel_runtime::__private::begin_future(
                &__OTEL_CALLSITE,
                &mut ::otel_runtime::__private::nothing,
            );
        }
        { [b, a].into_iter() }
    })
}
