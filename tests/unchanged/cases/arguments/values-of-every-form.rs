//! Attributes of every form leave their arguments where they are.
use otel_runtime::traced;

struct Order {
    id: u64,
    tags: Vec<String>,
}
impl Order {
    fn total(&self) -> u64 {
        self.id * 2
    }
}

#[traced(
    name = "POST /orders",
    kind = server,
    level = info,
    attrs(name, order.id, order.total = order.total(), "enduser.id" = &*name, tags = ?order.tags, shown = %name)
)]
fn placed(name: String, order: Order) -> (String, Order) {
    (name, order)
}
#[traced(attrs(..), skip(order))]
async fn every(name: String, mut count: u64, order: &mut Order) -> Result<u64, String> {
    count += 1;
    order.tags.push(name);
    tokio::task::yield_now().await;
    Ok(count + order.tags.len() as u64)
}
#[traced(skip_pii, attrs(email, id))]
fn personal(email: String, id: u64) -> String {
    format!("{email} {id}")
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    let (name, mut order) = placed("a".into(), Order { id: 3, tags: vec![] });
    println!("{name} {} {:?}", order.total(), every(name.clone(), 1, &mut order).await);
    println!("{:?}", order.tags);
    println!("{}", personal("a@b".into(), 1));
}
