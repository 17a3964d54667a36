//! Temporaries of the last expression, in the order of edition 2024.
//! editions: 2024
use otel_runtime::traced;

struct Loud(&'static str);
impl Drop for Loud {
    fn drop(&mut self) {
        println!("drops {}", self.0);
    }
}
impl Loud {
    fn len(&self) -> usize {
        self.0.len()
    }
}

#[traced]
fn tail(_argument: Loud) -> usize {
    let _local = Loud("local");
    Loud("temporary").len()
}
#[traced]
async fn later(_argument: Loud) -> usize {
    let _local = Loud("local");
    Loud("temporary").len()
}
#[traced]
fn looked_at(_argument: Loud) -> Result<usize, String> {
    let _local = Loud("local");
    match Loud("temporary").len() {
        9 => Ok(1),
        other => Err(other.to_string()),
    }
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{} {} {:?}", tail(Loud("a")), later(Loud("b")).await, looked_at(Loud("c")));
}
