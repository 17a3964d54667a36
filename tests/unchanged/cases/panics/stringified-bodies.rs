//! `stringify!`, `line!`, `column!` and `file!` in a body say what they said.
use otel_runtime::traced;

#[traced]
fn told() -> String {
    format!("{} {} {} {}", stringify!(value + 1), line!(), column!(), file!().ends_with(".rs"))
}
#[traced]
async fn later() -> (u32, u32, &'static str) {
    (line!(), column!(), module_path!().rsplit("::").next().unwrap())
}
#[traced(carry = false)]
fn spawned() -> &'static str {
    stringify!(std::thread::spawn(|| 1))
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{} {:?} {}", told(), later().await, spawned());
}
