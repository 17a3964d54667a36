use otel_runtime::traced;

#[traced(min_duratoin = "5ms")]
fn f() {}

fn main() {}
