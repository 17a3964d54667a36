//! What must not leave the process?

#[cfg(feature = "sdk")]
mod action;
#[cfg(feature = "sdk")]
mod actions;
mod class;
#[cfg(feature = "sdk")]
mod detect;
#[cfg(feature = "sdk")]
mod hash;
mod lists;
pub(crate) mod names;
mod table;
mod words;

#[cfg(feature = "sdk")]
pub use action::{Action, InvalidAction};
#[cfg(feature = "sdk")]
pub use actions::{Actions, InvalidActions, Outcome};
pub use class::{Class, UnknownClass};
#[cfg(feature = "sdk")]
pub use detect::{Coverage, Finding, Scanner};
#[cfg(feature = "sdk")]
pub use hash::{HashKeys, InvalidKey};
