use otel_runtime::traced;

#[traced(links(messages))]
fn f(messages: &[u8]) {
    let _ = messages;
}

fn main() {}
