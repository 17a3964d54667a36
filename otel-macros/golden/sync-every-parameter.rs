#[traced(attrs(.., total = %order.total), skip(order), parent(extract = headers), ret)]
fn place(&self, (row, _): (u8, u8), order: &Order, headers: HeaderMap, #[cfg(unix)] uid: u32) -> Result<u64, Refused> {
    order.place()
}
