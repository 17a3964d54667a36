#[traced(ret(items = |cart| cart.items.len()), error_if = |cart| cart.is_empty())]
fn cart(id: u64) -> Cart {
    Cart::of(id)
}
