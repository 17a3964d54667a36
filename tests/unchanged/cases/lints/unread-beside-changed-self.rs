//! A variable that is assigned and never read, where `self` is changed too.
use otel_runtime::traced;

#[derive(Clone, Copy)]
struct Count(u64);
impl Count {
    #[traced]
    fn changed(mut self) -> Result<u64, String> {
        let mut last = 1;
        println!("{last}");
        last = 2;
        self.0 += 1;
        Ok(1)
    }
    #[traced]
    fn unchanged(self) -> Result<u64, String> {
        let mut last = 1;
        println!("{last}");
        last = 2;
        Ok(self.0)
    }
}

pub fn main() {
    println!("{:?} {:?}", Count(1).changed(), Count(1).unchanged());
}
