use otel_runtime::traced;

#[traced(parent(trust = Trust::Link))]
fn f(headers: &std::collections::HashMap<String, String>) {
    let _ = headers;
}

fn main() {}
