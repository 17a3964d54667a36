//! Parameters are taken apart by every kind of pattern that cannot fail.
use otel_runtime::traced;

struct Point {
    x: i32,
    y: i32,
    label: &'static str,
}
struct Pair(u8, Vec<u8>);

#[traced(attrs(x, a))]
fn apart(
    Point { x, y: ref down, .. }: Point,
    (a, (mut b, _)): (u8, (u8, u8)),
    Pair(first, mut rest): Pair,
    &deref: &u16,
    [head, .., tail]: [i8; 4],
    whole @ (_, _): (bool, bool),
) -> String {
    b += 1;
    rest.push(first);
    format!("{x} {down} {a} {b} {rest:?} {deref} {head} {tail} {whole:?}")
}

#[traced]
async fn later(Point { label, .. }: Point, (mut a, b): (u8, u8), _: u8, _named: u8) -> String {
    a += b;
    tokio::task::yield_now().await;
    format!("{label} {a}")
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    let point = || Point { x: 1, y: -1, label: "p" };
    println!("{}", apart(point(), (2, (3, 4)), Pair(5, vec![6]), &7, [8, 9, 10, 11], (true, false)));
    println!("{} {}", later(point(), (1, 2), 3, 4).await, point().y);
}
