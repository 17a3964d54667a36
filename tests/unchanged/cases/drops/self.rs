//! `self` is dropped after the other arguments.
use otel_runtime::traced;

struct Loud(&'static str);
impl Drop for Loud {
    fn drop(&mut self) {
        println!("drops {}", self.0);
    }
}
impl Loud {
    #[traced]
    fn ends(self, _other: Loud) -> usize {
        self.0.len()
    }
    #[traced]
    fn unused(self, _: Loud) {}
    #[traced]
    async fn later(self, _other: Loud) -> Result<usize, String> {
        tokio::task::yield_now().await;
        Ok(self.0.len())
    }
    #[traced]
    async fn later_unused(self, _other: Loud) {}
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{}", Loud("a").ends(Loud("b")));
    Loud("c").unused(Loud("d"));
    println!("{:?}", Loud("e").later(Loud("f")).await);
    Loud("g").later_unused(Loud("h")).await;
}
