//! Token trees, literals, lifetimes, visibilities, paths and items of a macro.
use otel_runtime::traced;

macro_rules! pieces {
    ($visible:vis $name:ident, $life:lifetime, $path:path, $literal:literal, $sum:tt, $item:item) => {
        #[traced]
        $visible fn $name<$life>(text: &$life str) -> &$life str {
            $item
            let path: fn(u8) -> Option<u8> = $path;
            println!("{:?} {} {} {}", path(helper()), $literal, -$literal, 2 * $sum);
            text
        }
    };
}
pieces!(pub whole, 'a, Some, 3, (1 + 2), fn helper() -> u8 { 7 });

pub fn main() {
    println!("{}", whole("text"));
}
