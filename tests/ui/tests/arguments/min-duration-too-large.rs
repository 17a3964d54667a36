use otel_runtime::traced;

#[traced(min_duration = "18446744074s")]
fn f() {}

fn main() {}
