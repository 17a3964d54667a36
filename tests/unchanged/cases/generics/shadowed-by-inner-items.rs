//! Items of the body hide those around it in the body alone.
use otel_runtime::traced;

#[derive(Debug)]
struct Ret(u8);
const LIMIT: u8 = 3;

#[traced(attrs(limit = LIMIT))]
fn outer<T: Into<u8>>(value: T) -> Ret {
    const LIMIT: u8 = 9;
    struct Inner(u8);
    fn value_of(inner: &Inner) -> u8 {
        inner.0.min(LIMIT)
    }
    Ret(value_of(&Inner(value.into())))
}

#[traced]
async fn later() -> Result<Ret, String> {
    #[derive(Debug)]
    struct String(&'static str);
    println!("{:?}", String("inner"));
    let String(text) = String("no");
    Err(text.to_string())
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{:?} {LIMIT} {:?}", outer(20), later().await);
    println!("{}", later().await.map_or(0, |ret| ret.0));
}
