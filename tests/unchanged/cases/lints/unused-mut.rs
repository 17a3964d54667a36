//! `mut` that nothing needs is warned about.
use otel_runtime::traced;

#[traced]
fn plain(mut x: u8) -> u8 {
    x
}
#[traced]
async fn later(mut x: u8) -> u8 {
    x
}
#[traced]
fn pattern((mut a, b): (u8, u8)) -> u8 {
    a + b
}
#[traced]
fn fallible(mut x: u8) -> Result<u8, String> {
    Ok(x)
}
struct Thing {
    id: u64,
}
impl Thing {
    #[traced]
    fn itself(mut self) -> u64 {
        self.id
    }
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{} {} {}", plain(1), later(2).await, pattern((1, 2)));
    println!("{:?} {}", fallible(3), Thing { id: 4 }.itself());
}
