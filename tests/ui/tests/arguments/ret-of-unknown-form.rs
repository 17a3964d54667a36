use otel_runtime::traced;

#[traced(ret = Debug)]
fn f() -> u8 {
    1
}

fn main() {}
