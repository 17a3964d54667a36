use otel_runtime::traced;

struct S;

#[traced(skip_pii, pii(note = email))]
impl S {
    #[traced(attrs(note))]
    fn f(note: &str) {}
}

fn main() {}
