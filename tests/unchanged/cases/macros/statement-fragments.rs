//! Statements of a macro, one after the other.
use otel_runtime::traced;

macro_rules! run {
    ($name:ident { $($statement:stmt;)* } $last:expr) => {
        #[traced]
        fn $name() -> u8 {
            $($statement;)*
            $last
        }
    };
}
run!(counted {
    let mut count = 1;
    count += 2;
    println!("{}", count);
} 3);

pub fn main() {
    println!("{}", counted());
}
