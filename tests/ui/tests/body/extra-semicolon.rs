use otel_runtime::traced;

#[traced(attrs(a))]
fn f(a: u8) -> u8 {
    a + 1;
}

#[traced(attrs(a))]
async fn g(a: u8) -> u8 {
    a + 1;
}

fn main() {}
