fn main() {
    otel_runtime::context::inject(&mut String::new());
}
