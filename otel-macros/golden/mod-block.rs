#[traced(kind = client)]
pub mod shop {
    //! Its docs.
    use std::{fmt, io};
    struct Cart { id: u64 }
    #[traced(off)]
    impl Cart { fn id(&self) -> u64 { self.id } }
    trait Load { fn load(&self); fn twice(&self) { self.load() } }
    extern "C" { fn abs(x: i32) -> i32; }
    mod far;
    fn one() {}
}
