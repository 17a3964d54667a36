use otel_runtime::traced;

const COUNT: u32 = 1;

#[traced(sample = COUNT)]
fn f() {}

fn main() {}
