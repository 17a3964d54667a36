use otel_runtime::traced;

#[traced(sample = 0.1)]
fn f() {}

fn main() {
    f();
}
