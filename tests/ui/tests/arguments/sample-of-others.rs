use otel_runtime::traced;

#[traced(sampled = 0.1)]
fn f() {}

fn main() {
    f();
}
