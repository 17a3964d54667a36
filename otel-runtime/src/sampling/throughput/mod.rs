//! How is about so much kept a second, and still counted?

mod key;
mod keys;
mod sampler;
mod shares;
mod state;
#[cfg(test)]
mod tests;

pub use sampler::TargetThroughput;
