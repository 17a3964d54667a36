//! Nothing: the examples of this package are what it is for.
//!
//! Its documentation tests are the pages whose code needs what only examples depend on.

#![cfg(doctest)]

#[doc = include_str!("../docs/nats.md")]
mod nats {}

#[doc = include_str!("../docs/rabbitmq.md")]
mod rabbitmq {}
