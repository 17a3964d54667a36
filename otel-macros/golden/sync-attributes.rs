#[traced(name = "GET /cart", kind = server, attrs(user_id, order.id = order.id(), total = %order.total, items = ?items, self.shard))]
fn cart(&self, user_id: u64, order: &Order, items: &[Item]) -> Cart {
    Cart::of(order)
}
