//! A warehouse, by gRPC. What `tonic-prost-build` makes of this:
//!
//! ```proto
//! syntax = "proto3";
//! package shop.v1;
//!
//! service Stock {
//!   rpc Count(Item) returns (Pieces);
//!   rpc Watch(Item) returns (stream Pieces);
//!   rpc Deliver(stream Delivery) returns (Pieces);
//!   rpc Exchange(stream Delivery) returns (stream Pieces);
//! }
//!
//! message Item { string name = 1; }
//! message Pieces { uint32 number = 1; }
//! message Delivery { string item = 1; uint32 pieces = 2; }
//! ```

/// What is asked for.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Item {
    /// Its name.
    #[prost(string, tag = "1")]
    pub name: String,
}

/// How many there are.
#[derive(Clone, Copy, PartialEq, prost::Message)]
pub struct Pieces {
    /// The number.
    #[prost(uint32, tag = "1")]
    pub number: u32,
}

/// What is brought.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Delivery {
    /// The item's name.
    #[prost(string, tag = "1")]
    pub item: String,
    /// How many.
    #[prost(uint32, tag = "2")]
    pub pieces: u32,
}

#[allow(clippy::pedantic, reason = "nobody writes it")]
mod generated {
    tonic::include_proto!("shop.v1.Stock");
}

pub use generated::{stock_client, stock_server};
