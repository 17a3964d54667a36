//! Closures of the body borrow, change and take arguments.
use otel_runtime::traced;

#[traced(attrs(step))]
fn counted(list: &mut Vec<u8>, step: u8, names: Vec<String>) -> usize {
    let mut push = |value| list.push(value + step);
    push(1);
    push(2);
    let total = || names.len() + usize::from(step);
    let sum = total();
    let taken = move || names;
    taken().len() + sum + list.len()
}
#[traced]
async fn later(mut text: String) -> String {
    let mut push = |letter| text.push(letter);
    push('a');
    tokio::task::yield_now().await;
    push('b');
    text
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{} {}", counted(&mut vec![], 1, vec![String::new()]), later("x".into()).await);
}
