//! Arguments that patterns take apart, leave or borrow, and receivers by value.
use otel_runtime::traced;
struct D(&'static str);
impl Drop for D {
    fn drop(&mut self) {
        print!("{} ", self.0)
    }
}
#[traced]
fn a(x: D, (y, _): (D, D), _: D, z: D) -> Result<u8, D> {
    let _l = D("l");
    let _ = &z;
    drop(x);
    let _ = y;
    Ok(1)
}
#[traced]
async fn b(x: D, (y, _): (D, D), _: D, z: D) -> u8 {
    let _l = D("l");
    let _ = &z;
    drop(x);
    let _ = y;
    1
}
#[traced]
fn c(ref x: D, y @ (_, _): (D, D), mut z: D) -> Option<u8> {
    z.0 = "zz";
    let _ = (x, &y);
    None
}
#[traced(ret(n = |r| r.is_none()))]
fn d(ref x: D, y @ (_, _): (D, D), mut z: D) -> Option<u8> {
    z.0 = "zz";
    let _ = (x, &y);
    None
}
#[traced]
async fn e(ref x: D, y @ (_, _): (D, D), mut z: D) -> Option<u8> {
    z.0 = "zz";
    let _ = (x, &y);
    None
}
#[traced]
async fn f(a: D, b: D, c: D) {
    let _ = &b;
    std::future::ready(()).await;
    drop(a);
    let _ = c;
}
struct S {
    p: D,
    q: D,
}
#[traced]
async fn g(S { p, q }: S, S { p: r, .. }: S) -> usize {
    let _ = (&q, &p);
    r.0.len()
}
#[traced]
fn h(S { p, q }: S, S { p: r, .. }: S) -> Result<usize, ()> {
    let _ = (&q, &p);
    Ok(r.0.len())
}
impl S {
    #[traced]
    async fn i(self, x: D) -> u8 {
        let _ = &x;
        1
    }
    #[traced]
    fn j(self, x: D) -> Result<u8, ()> {
        let _ = &x;
        Ok(1)
    }
}
#[traced]
async fn u(x: D, y: u8) {}
#[traced]
fn w(x: D, y: u8) -> Result<(), ()> {
    Ok(())
}
#[traced]
async fn v(mut x: D, y: u8) {
    x = D("new");
}
#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    let s = |a, b| S { p: D(a), q: D(b) };
    let _ = a(D("x"), (D("y"), D("y2")), D("_"), D("z")).is_ok();
    println!();
    b(D("x"), (D("y"), D("y2")), D("_"), D("z")).await;
    println!();
    c(D("x"), (D("y"), D("y2")), D("z"));
    println!();
    d(D("x"), (D("y"), D("y2")), D("z"));
    println!();
    e(D("x"), (D("y"), D("y2")), D("z")).await;
    println!();
    f(D("a"), D("b"), D("c")).await;
    println!();
    g(s("p", "q"), s("r", "rq")).await;
    println!();
    let _ = h(s("p", "q"), s("r", "rq"));
    println!();
    s("p", "q").i(D("x")).await;
    println!();
    let _ = s("p", "q").j(D("x"));
    println!();
    u(D("u"), 1).await;
    println!();
    let _ = w(D("w"), 1);
    println!();
    v(D("v"), 1).await;
    println!();
}
