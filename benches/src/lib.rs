//! The same work: untraced, traced by hand, by `#[traced]`, and by its peers.

mod backend;
mod by_hand;
mod contender;
mod distribution;
mod export;
mod peers;
mod plain;
mod process;
mod receiver;
mod scenario;
mod traced;
mod work;

pub mod clock;
pub mod layered;
pub mod off;
pub mod progress;
pub mod propagated;
pub mod protocol;
pub mod samplers;

pub use backend::Backend;
pub use contender::{Contender, Installed, Shape, Tree};
pub use distribution::Distribution;
pub use export::{Batches, Export, Transport};
pub use process::{Process, number};
pub use receiver::Receiver;
pub use scenario::Scenario;
pub use traced::note;
