use otel_runtime::traced;

#[traced(attrs = .., skip(a))]
fn f(a: u64) {}

fn main() {
    f(1);
}
