//! An argument that only some ways move.
use otel_runtime::traced;

struct Loud(&'static str);
impl Drop for Loud {
    fn drop(&mut self) {
        println!("drops {}", self.0);
    }
}

#[traced]
#[allow(unused_assignments)]
fn maybe(take: bool, argument: Loud, mut last: Loud) -> Option<Loud> {
    last = Loud("new");
    println!("{}", last.0);
    if take { Some(argument) } else { None }
}
#[traced]
async fn later(take: bool, argument: Loud, _last: Loud) -> Option<Loud> {
    let closure = move || argument.0.len();
    tokio::task::yield_now().await;
    if take {
        println!("{}", closure());
    }
    None
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{}", maybe(true, Loud("a"), Loud("b")).is_some());
    println!("{}", maybe(false, Loud("a"), Loud("b")).is_some());
    println!("{}", later(true, Loud("a"), Loud("b")).await.is_some());
    println!("{}", later(false, Loud("a"), Loud("b")).await.is_some());
}
