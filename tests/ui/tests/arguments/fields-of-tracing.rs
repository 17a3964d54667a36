use otel_runtime::traced;

#[traced(fields(user_id = 7))]
fn f() {}

fn main() {}
