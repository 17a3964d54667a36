//! A width that a format string names is used, in an async function.
use otel_runtime::traced;

#[traced]
async fn padded(width: usize, list: Vec<String>) -> String {
    list.iter().map(|item| format!("{item:width$}|")).collect()
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{}", padded(3, vec!["b".into()]).await);
}
