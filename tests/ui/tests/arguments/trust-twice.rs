use otel_runtime::traced;

#[traced(parent(extract = headers, trust = Trust::Link, trust = Trust::Ignore))]
fn f(headers: &std::collections::HashMap<String, String>) {
    let _ = headers;
}

fn main() {}
