#[traced]
impl Cart {
    #[cfg_attr(feature = "quiet", inline, traced(off))]
    fn total(&self) -> u32 { self.total }
}
