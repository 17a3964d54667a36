//! The same work: untraced, traced by hand, by `#[traced]`, and by its peers.

mod by_hand;
mod contender;
mod peers;
mod plain;
mod sink;
mod traced;
mod work;

pub mod off;

pub use contender::{Contender, Scenario};
