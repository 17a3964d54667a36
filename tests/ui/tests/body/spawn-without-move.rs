use otel_runtime::traced;

#[traced]
fn print(text: String) {
    std::thread::spawn(|| println!("{text}"));
}

fn main() {}
