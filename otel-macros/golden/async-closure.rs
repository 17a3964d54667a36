#[traced(attrs(than))]
async fn longer(than: usize) -> impl Fn(&str) -> bool {
    move |text| text.len() > than
}
