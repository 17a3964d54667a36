use otel_runtime::traced;

fn square(number: u32) -> u32 {
    number * number
}

#[traced]
fn load() {
    std::thread::spawn(move || {
        let number = square("7");
        number + 1
    });
}

fn main() {}
