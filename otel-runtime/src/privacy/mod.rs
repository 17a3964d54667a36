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
#[cfg(any(feature = "sdk", feature = "tower"))]
#[allow(dead_code, reason = "the redactor will call all of it")]
pub(crate) mod http;
mod lists;
pub(crate) mod names;
#[cfg(feature = "sdk")]
#[allow(dead_code, reason = "the redactor will call it")]
pub(crate) mod sql;
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
