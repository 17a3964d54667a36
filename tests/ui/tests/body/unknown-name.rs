use otel_runtime::traced;

#[traced]
async fn f(a: u8) -> u8 {
    b + a
}

fn main() {}
