use otel_runtime::traced;

#[traced("GET /cart")]
fn f() {}

fn main() {}
