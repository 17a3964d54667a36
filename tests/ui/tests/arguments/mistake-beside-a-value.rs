use otel_runtime::traced;

#[traced(attrs(user_id), kid = client)]
fn f(user_id: u64) {}

fn main() {
    f(1);
}
