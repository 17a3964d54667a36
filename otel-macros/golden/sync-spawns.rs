#[traced]
fn fetch(ids: Vec<u64>) -> usize {
    let index = std::thread::spawn(move || index(&ids));
    let (left, right) = rayon::join(|| tokio::spawn(left()), right,);
    let boxed = tokio::spawn::<BoxFuture<usize>>(Box::pin(later()));
    tokio::join!(left, tokio::task::spawn_blocking(right), my::tokio::spawn(boxed));
    index.join().unwrap_or_default()
}
