#[traced]
async fn swap<'a, T>(&'a self, (a, mut b): (T, T), #[cfg(unix)] c: u8, _: Lock) -> impl Iterator<Item = T> + 'a {
    [b, a].into_iter()
}
