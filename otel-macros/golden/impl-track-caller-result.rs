#[traced]
impl<T: Clone> Shop<T> {
    /// The first order.
    #[track_caller]
    #[allow(clippy::question_mark)]
    pub fn first<E>(&self, error: E) -> Result<T, E> {
        if self.orders.is_empty() {
            return Err(error);
        }
        Ok(self.orders[0].clone())
    }
}
