use otel_runtime::traced;

#[traced]
fn f() {
    "text"
}

#[traced]
async fn g() {
    "text"
}

fn main() {}
