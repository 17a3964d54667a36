use otel_runtime::traced;

#[traced(links(message))]
fn f(message: &str) {
    let _ = message;
}

fn main() {}
