//! A field of `self` that is changed and never read.
use otel_runtime::traced;

#[derive(Clone)]
struct Thing {
    id: u64,
    name: String,
}
impl Thing {
    #[traced]
    fn unit(mut self) {
        self.id += 1;
    }
    #[traced]
    fn fallible(mut self) -> Result<u64, String> {
        self.id += 1;
        self.name = String::new();
        Ok(1)
    }
    #[traced]
    async fn later(mut self, mut other: Thing) {
        self.id += 1;
        other.id += 1;
    }
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    let thing = Thing { id: 1, name: String::new() };
    thing.clone().unit();
    println!("{:?}", thing.clone().fallible());
    println!("{} {}", thing.id, thing.name);
    thing.clone().later(thing).await;
}
