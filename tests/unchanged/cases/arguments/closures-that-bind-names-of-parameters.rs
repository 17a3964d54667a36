//! Expressions of the attribute, and closures that bind what parameters are called, too.
#![allow(dead_code)]
use otel_runtime::traced;
struct C {
    id: u64,
    items: Vec<u64>,
}
#[traced(ret(a = |c| { let id = c.id; id }, b = |c| c.items.iter().map(|id| id + 1).sum::<u64>(), d = |C { id, .. }| *id, e = |c| match c.id { id if id > 3 => id, id => id + 1 }, f = |c| { if let Some(id) = c.items.first() { *id } else { 0 } }, g = |c| { for id in &c.items { let _ = id; } 1u8 }), error_if = |c| c.id == 9)]
fn load(id: u64, items: Vec<u64>) -> C {
    C { id, items }
}
#[traced(err = |id| match id { E::A { id } => format!("{id}"), E::B(id) => id.to_string() })]
async fn aload(id: u64) -> Result<u64, E> {
    if id == 1 { Err(E::A { id }) } else { Ok(id) }
}
#[derive(Debug)]
enum E {
    A { id: u64 },
    B(u64),
}
#[traced(attrs(n = { let v = vec![1, 2]; v.len() }, m = if id > 1 { "big" } else { "small" }, neg = -1))]
fn exprs(id: u64) -> u64 {
    id
}
#[traced(name = format!("x {id}"), attrs(s = &text[..1], t = %id + 1, u = ?(id, text), v = *flag, w = !*flag, x = text.len() as u64))]
async fn more(id: u64, text: &str, flag: &bool) -> u64 {
    id + text.len() as u64 + *flag as u64
}
#[traced(ret = ?)]
fn deb(x: u8) -> (u8, u8) {
    (x, x)
}
#[traced(skip_pii, attrs(..), skip(items))]
fn pii(id: u64, items: &[u8], email: &str) -> usize {
    items.len() + email.len() + id as usize
}
#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!(
        "{} {:?} {} {} {:?} {}",
        load(1, vec![1, 2]).items.len(),
        aload(1).await.is_err(),
        exprs(2),
        more(1, "abc", &true).await,
        deb(1),
        pii(1, &[], "")
    );
}
