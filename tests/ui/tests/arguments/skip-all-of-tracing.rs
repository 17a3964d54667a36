use otel_runtime::traced;

#[traced(skip_all)]
fn f(password: &str) {
    let _ = password;
}

fn main() {}
