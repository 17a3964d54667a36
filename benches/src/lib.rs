//! The same work: untraced, traced by hand, by `#[traced]`, and by its peers.

mod by_hand;
mod contender;
mod export;
mod peers;
mod plain;
mod scenario;
mod traced;
mod work;

pub mod clock;
pub mod off;

pub use contender::{Contender, Installed, Shape, Tree};
pub use export::{Batches, Export, Transport};
pub use scenario::Scenario;
