//! Lifetimes that are written in two ways are warned about.
use otel_runtime::traced;

struct View<'a>(&'a str);

#[traced]
fn view(text: &str) -> View {
    View(text)
}
#[traced]
fn fallible(text: &str) -> Result<View, String> {
    Ok(View(text))
}
#[traced]
async fn later(text: &str) -> View {
    View(text)
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{} {} {}", view("a").0, fallible("b").unwrap().0, later("c").await.0);
}
