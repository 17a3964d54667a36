use otel_runtime::traced;

#[traced(attrs(a.), kind = )]
async fn f(a: u8) -> u8 {
    a
}

fn main() {
    drop(f(1));
}
