//! Code that denies every warning compiles, and so does what the attribute makes of it.
#![deny(warnings, missing_docs, unsafe_code, unused_qualifications, unreachable_pub, let_underscore_drop)]
#![deny(rust_2018_idioms, nonstandard_style, unused, single_use_lifetimes)]
#![deny(trivial_casts, trivial_numeric_casts, unused_results, unused_lifetimes, variant_size_differences)]
use otel_runtime::traced;
use std::fmt::Display;

/// A shop.
pub(crate) struct Shop {
    shard: u8,
}

#[traced(attrs(self.shard))]
impl Shop {
    fn open(&self, name: &str, _spare: impl Display) -> Result<usize, String> {
        if name.is_empty() { Err("no name".to_owned()) } else { Ok(name.len()) }
    }
    async fn later(&mut self, (more, _): (u8, u8), _: String) -> Option<u8> {
        self.shard = self.shard.checked_add(more)?;
        Some(self.shard)
    }
}

/// Begins.
#[tokio::main(flavor = "current_thread")]
pub(crate) async fn main() {
    let mut shop = Shop { shard: 1 };
    println!("{:?} {:?}", shop.open("a", 1), shop.later((2, 3), String::new()).await);
}
