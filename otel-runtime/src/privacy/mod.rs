//! What must not leave the process?

#[cfg(feature = "sdk")]
mod action;
#[cfg(feature = "sdk")]
mod actions;
#[cfg(feature = "sdk")]
mod attributes;
mod class;
#[cfg(feature = "sdk")]
mod detect;
#[cfg(feature = "sdk")]
mod hash;
pub(crate) mod hasher;
#[cfg(any(feature = "sdk", feature = "tower"))]
pub(crate) mod http;
mod lists;
#[cfg(feature = "sdk")]
mod mode;
pub(crate) mod names;
pub(crate) mod part;
#[cfg(feature = "sdk")]
mod propagator;
#[cfg(feature = "sdk")]
mod redacting;
#[cfg(feature = "sdk")]
mod redactor;
#[cfg(feature = "sdk")]
mod rules;
mod sensitive;
#[cfg(feature = "sdk")]
mod sql;
mod table;
#[cfg(feature = "sdk")]
mod trace_state;
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
pub use hasher::left_out_without_a_key;
#[cfg(feature = "sdk")]
pub use hasher::{HashKeysAreSet, set_hash_keys};
#[cfg(feature = "sdk")]
pub use mode::{Mode, UnknownMode};
#[cfg(feature = "sdk")]
pub use propagator::RedactingPropagator;
#[cfg(feature = "sdk")]
pub use redacting::Redacting;
#[cfg(feature = "tracing")]
pub(crate) use redactor::installed;
#[cfg(feature = "sdk")]
pub use redactor::{Detector, Redacted, RedactedStats, Redactor, WouldRedact};
#[cfg(feature = "sdk")]
pub(crate) use redactor::{EXCEPTION, KeyRule, LOOKED_AT, Place, install};
#[cfg(feature = "sdk")]
pub use rules::{Rule, Rules, RulesError};
pub use sensitive::{Classified, Sensitive};
