use otel_runtime::traced;

#[traced]
fn load() {
    std::thread::spawn(|| 1, || 2);
}

fn main() {}
