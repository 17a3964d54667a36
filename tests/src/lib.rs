//! What the tests share: where the spans of a test can be seen.

pub mod capture;
pub mod exporters;
pub mod labelled;
pub mod program;
pub mod receiver;
