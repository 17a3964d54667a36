#[traced(attrs(user_id))]
pub(crate) fn load(&mut self, user_id: u64, spare: u8, _: Lock) -> Result<&mut Cart, StoreError> {
    self.carts.get_mut(&user_id).ok_or(StoreError::NotFound)
}
