impl<T: Clone> Shop<T> {
    /// The first order.
    #[track_caller]
    #[allow(clippy::question_mark)]
    pub fn first<E>(&self, error: E) -> Result<T, E> {
        static __OTEL_CALLSITE: ::otel_runtime::__private::Callsite = ::otel_runtime::__private::Callsite::new(
            ::otel_runtime::__private::here(&|| ()),
            ::core::panic::Location::caller(),
            "shop",
            "1.2.3",
            0,
        );
        let mut __otel_span = ::otel_runtime::__private::Span::none();
        if !__OTEL_CALLSITE.is_off() {
            __otel_span.open(&__OTEL_CALLSITE);
        }
        let __otel_result: Result<T, E> = Self::__otel_body_first::<E>(self, error);
        __otel_span
            .inspected(
                __otel_result,
                |__otel_result| ::otel_runtime::__private::failure!(__otel_result),
            )
    }
    #[doc(hidden)]
    #[allow(dead_code)]
    #[track_caller]
    #[allow(clippy::question_mark)]
    fn __otel_body_first<E>(&self, error: E) -> Result<T, E> {
        if self.orders.is_empty() {
            return Err(error);
        }
        Ok(self.orders[0].clone())
    }
}
