use otel_runtime::traced;

#[traced(attrs(name.len()))]
fn f(name: &str) {
    let _ = name;
}

fn main() {}
