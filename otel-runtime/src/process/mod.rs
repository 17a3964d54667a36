//! What of the process around us may be relied on?

#[cfg(feature = "sdk")]
pub(crate) mod fork;
pub(crate) mod inbound;
pub(crate) mod lock;
pub(crate) mod panics;
#[cfg(feature = "sdk")]
pub(crate) mod refused;
pub(crate) mod shorten;
pub(crate) mod stderr;
pub(crate) mod unwind;
pub(crate) mod values;
