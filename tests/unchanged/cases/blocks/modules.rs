//! A module of functions, with modules and blocks in it.
use otel_runtime::traced;

#[traced]
mod shop {
    pub fn price(id: u64) -> u64 {
        inner::doubled(id)
    }
    pub mod inner {
        use super::*;
        pub(super) fn doubled(id: u64) -> u64 {
            id * 2
        }
        #[traced(off)]
        pub fn plain() -> &'static str {
            module_path!().rsplit("::").next().unwrap()
        }
        pub struct Thing;
        impl Thing {
            pub fn name(&self) -> &'static str {
                "thing"
            }
        }
    }
    use otel_runtime::traced;
}

pub fn main() {
    println!("{} {} {}", shop::price(3), shop::inner::plain(), shop::inner::Thing.name());
}
