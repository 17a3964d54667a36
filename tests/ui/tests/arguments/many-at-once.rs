use otel_runtime::traced;

#[traced(knd = server, attrs(a.b(), a, a), name = "", err = Debug)]
const fn f(a: u8) -> u8 {
    a
}

fn main() {}
