//! What is spawned returns what it returned, and may borrow no less.
use otel_runtime::traced;

#[traced]
fn threads(values: Vec<u8>) -> usize {
    let length = values.len();
    let thread = std::thread::spawn(move || values.into_iter().map(usize::from).sum::<usize>());
    let scoped = std::thread::scope(|scope| scope.spawn(|| length + 1).join().unwrap());
    thread.join().unwrap() + scoped
}
#[traced]
async fn tasks(text: String) -> Result<usize, tokio::task::JoinError> {
    let task = tokio::spawn(async move { text.len() });
    let blocking = tokio::task::spawn_blocking(|| 2);
    Ok(task.await? + blocking.await?)
}
#[traced]
async fn explicit() -> u64 {
    let task = tokio::task::spawn::<_>(async { 3u64 });
    task.await.unwrap()
}

#[tokio::main]
pub async fn main() {
    println!("{} {:?} {}", threads(vec![1, 2]), tasks("abc".into()).await, explicit().await);
}
