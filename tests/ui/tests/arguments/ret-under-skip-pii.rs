use otel_runtime::traced;

#[traced(ret, skip_pii)]
fn f() -> u8 {
    1
}

fn main() {}
