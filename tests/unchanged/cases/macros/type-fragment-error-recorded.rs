//! `err` for a result whose type a macro passed.
use otel_runtime::traced;

macro_rules! make {
    ($name:ident -> $ret:ty) => {
        #[traced(err = ?)]
        fn $name() -> $ret {
            Err("no".to_string())
        }
    };
}
make!(load -> Result<u8, String>);

pub fn main() {
    println!("{:?}", load());
}
