//! The closure of `err` may borrow from the error.
use otel_runtime::traced;

#[derive(Debug)]
struct Fault {
    code: String,
}
impl Fault {
    fn code(&self) -> &str {
        &self.code
    }
}

#[traced(err = |error| error.code())]
fn load() -> Result<u8, Fault> {
    Err(Fault { code: "E1".into() })
}

pub fn main() {
    println!("{:?} {:?}", load(), load().map_err(|error| error.code().len()));
}
