use otel_runtime::traced;

#[traced(parent(headers))]
fn f(headers: &std::collections::HashMap<String, String>) {
    let _ = headers;
}

fn main() {}
