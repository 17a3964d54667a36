use otel_runtime::traced;

#[traced(root skip_pii)]
fn f() {}

fn main() {}
