use otel_runtime::traced;

#[traced(skip_pii("email"), attrs(email))]
fn f(email: &str) {}

fn main() {
    f("");
}
