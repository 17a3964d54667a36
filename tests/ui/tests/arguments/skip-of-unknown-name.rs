use otel_runtime::traced;

#[traced(attrs(..), skip(passwd))]
fn f(user: &str, password: &str) {
    let _ = (user, password);
}

fn main() {}
