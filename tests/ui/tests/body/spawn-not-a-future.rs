use otel_runtime::traced;

fn job() -> u32 {
    7
}

#[traced]
fn load() {
    tokio::spawn(job());
}

fn main() {}
