//! Types of a macro, in parameters and in results.
use otel_runtime::traced;

macro_rules! typed {
    ($name:ident, $parameter:ty, $ret:ty, $value:expr) => {
        #[traced]
        fn $name(value: $parameter) -> $ret {
            let _: &$parameter = &value;
            $value
        }
    };
}
typed!(failed, &str, Result<u8, String>, Err("no".to_owned()));
typed!(boxed, Box<dyn Fn(u8) -> u8 + Send>, Option<u8>, Some(3));
typed!(pair, (u8, &'static str), impl std::fmt::Debug, (1, "x"));
typed!(arrays, [u8; 2], [u8; 1 + 2], [1, 2, 3]);

pub fn main() {
    println!("{:?} {:?}", failed(""), boxed(Box::new(|x| x)));
    println!("{:?} {:?}", pair((1, "a")), arrays([1, 2]));
}
