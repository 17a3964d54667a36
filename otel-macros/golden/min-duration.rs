#[traced(min_duration = "5ms")]
impl Cart {
    fn cached(&self) -> u32 {
        self.total
    }

    #[traced(min_duration = "1.5s")]
    async fn load(&mut self) {
        self.total = fetch().await;
    }
}
