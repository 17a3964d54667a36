use otel_runtime::traced;

#[traced(skip_pii, attrs(note, login), pii(noet = email, login = pubic))]
fn f(note: &str, login: &str) {}

#[traced(skip_pii, attrs(note, login), pii(noet = email))]
fn g(note: &str, login: &str) {}

fn main() {}
