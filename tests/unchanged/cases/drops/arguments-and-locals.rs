//! Arguments are dropped after the locals, in the opposite order.
use otel_runtime::traced;

struct Loud(&'static str);
impl Drop for Loud {
    fn drop(&mut self) {
        println!("drops {}", self.0);
    }
}

#[traced]
fn unit(first: Loud, _: Loud, _second: Loud, (third, _fourth): (Loud, Loud)) {
    let _local = Loud("local");
    println!("{} {}", first.0, third.0);
}
#[traced]
fn moved(first: Loud, second: Loud) -> Loud {
    drop(second);
    println!("moved");
    first
}
#[traced]
async fn later(first: Loud, _: Loud, (second, _third): (Loud, Loud)) {
    let _local = Loud("local");
    tokio::task::yield_now().await;
    println!("{} {}", first.0, second.0);
}
#[traced]
async fn later_moved(first: Loud, second: Loud, _third: Loud) -> Loud {
    drop(first);
    tokio::task::yield_now().await;
    second
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    unit(Loud("a"), Loud("b"), Loud("c"), (Loud("d"), Loud("e")));
    let _kept = moved(Loud("f"), Loud("g"));
    println!("--");
    later(Loud("a"), Loud("b"), (Loud("c"), Loud("d"))).await;
    let _kept_too = later_moved(Loud("e"), Loud("f"), Loud("g")).await;
    println!("end");
}
