#![deny(dead_code)]
use otel_runtime::traced;

#[traced]
async fn nobody_calls_me() {}

#[traced]
fn nor_me() {}

fn main() {}
