use otel_runtime::traced;

#[traced(attrs = user_id)]
fn f(user_id: u64) {
    let _ = user_id;
}

fn main() {}
