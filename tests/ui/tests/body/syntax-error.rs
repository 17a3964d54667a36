use otel_runtime::traced;

#[traced(attrs(a))]
async fn f(a: u8) -> u8 {
    let b = a +;
    b
}

fn main() {
    drop(f(1));
}
