//! Parameters whose names are keywords, by their raw names, in format strings too.
use otel_runtime::traced;

#[traced]
fn kind(r#type: String) -> String {
    format!("<{type}>")
}

#[traced]
async fn place(r#mod: String, r#in: u8) -> String {
    format!("{mod:>5}{}", r#in)
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{} {}", kind("a".to_owned()), place("b".to_owned(), 1).await);
}
