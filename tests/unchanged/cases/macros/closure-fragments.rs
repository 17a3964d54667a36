//! Closures of the attribute that a macro passes as expressions.
use otel_runtime::traced;

macro_rules! judged {
    ($name:ident, $err:expr, $ret:expr) => {
        #[traced(err = $err, ret(size = $ret))]
        fn $name() -> Result<u64, String> {
            Err("no".to_string())
        }
    };
}
judged!(load, |error: &String| error.len(), |result: &Result<u64, String>| result.is_ok());

pub fn main() {
    println!("{:?}", load());
}
