use otel_runtime::traced;

#[traced]
async fn f(a: u8) -> u8 {
    if a == 0 {
        return "zero";
    }
    a
}

fn main() {}
