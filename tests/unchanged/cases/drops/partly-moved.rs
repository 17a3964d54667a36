//! An argument that is moved in part drops the rest.
use otel_runtime::traced;

struct Loud(&'static str);
impl Drop for Loud {
    fn drop(&mut self) {
        println!("drops {}", self.0);
    }
}
struct Both {
    left: Loud,
    right: Loud,
}

#[traced]
fn left(both: Both, _other: Loud) -> Loud {
    println!("takes {}", both.right.0);
    both.left
}
#[traced]
async fn later(both: Both, _other: Loud) -> Loud {
    let left = both.left;
    tokio::task::yield_now().await;
    left
}
#[traced]
async fn pattern(Both { left, .. }: Both, _other: Loud) -> Loud {
    tokio::task::yield_now().await;
    left
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    let both = || Both { left: Loud("left"), right: Loud("right") };
    let _first = left(both(), Loud("other"));
    println!("--");
    let _second = later(both(), Loud("other")).await;
    println!("--");
    let _third = pattern(both(), Loud("other")).await;
    println!("end");
}
