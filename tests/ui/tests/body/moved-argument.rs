use otel_runtime::traced;

#[traced]
async fn f(name: String) -> usize {
    drop(name);
    name.len()
}

fn main() {}
