//! A part of a parameter that is changed is warned about where nobody could see it, and only there.
use otel_runtime::traced;
use std::future::Future;

#[derive(Clone, Copy)]
struct Plain {
    id: u64,
    more: (u8, [u8; 2]),
}
#[derive(Clone)]
struct Named {
    id: u64,
    name: String,
}
struct Pair {
    left: Named,
    right: Named,
}

impl Plain {
    #[traced]
    fn changed(mut self) -> Result<u64, String> {
        self.id += 1;
        Ok(1)
    }
    #[traced]
    fn replaced(mut self, other: Plain) -> Result<u64, String> {
        self = other;
        Ok(1)
    }
    #[traced]
    async fn later(mut self) {
        self.more.1[0] = 1;
    }
    #[traced]
    fn made(mut self) -> impl Future<Output = u8> {
        self.id <<= 1;
        async { 1 }
    }
}
impl Named {
    #[traced]
    fn read_before(mut self) -> Result<String, String> {
        let name = self.name.clone();
        self.id += 1;
        Ok(name)
    }
    #[traced]
    fn moved_after(mut self) -> Result<Named, String> {
        self.id += 1;
        Ok(self)
    }
}

#[traced]
fn plain(mut it: Plain) -> Result<u64, String> {
    it.id += 1;
    Ok(1)
}
#[traced]
fn plain_read(mut it: Plain) -> Result<u64, String> {
    let id = it.id;
    it.more.0 = 3;
    it.more.1[1] |= 3;
    Ok(id)
}
#[traced]
fn named(mut it: Named) -> Result<u64, String> {
    it.id = 1;
    Ok(1)
}
#[traced]
fn named_read(mut it: Named) -> Result<u64, String> {
    let id = it.id;
    it.id = 1;
    it.name = String::new();
    Ok(id)
}
#[traced]
fn named_whole(mut it: Named, other: Named) -> Result<u64, String> {
    let id = it.id;
    it = other;
    Ok(id)
}
#[traced]
fn counted(mut count: u8) -> Result<u64, String> {
    count += 1;
    Ok(1)
}
#[traced]
fn counted_read(mut count: u8) -> Result<u8, String> {
    let before = count;
    count += 1;
    Ok(before)
}
#[traced]
fn taken_apart(Pair { mut left, mut right }: Pair) -> Result<u64, String> {
    left.id += 1;
    right.id += left.id;
    right = left;
    Ok(1)
}
#[traced]
fn generic<T: Clone>(mut it: (T, u8)) -> Result<T, String> {
    let first = it.0.clone();
    it.1 = 3;
    Ok(first)
}
#[traced]
fn boxed(mut it: Box<Named>) -> Result<u64, String> {
    it.id += 1;
    Ok(1)
}
#[traced]
fn referred(it: &mut Named) -> Result<u64, String> {
    it.id += 1;
    Ok(1)
}
#[traced]
fn needlessly(mut it: Named) -> Result<u64, String> {
    Ok(it.id)
}
#[traced]
async fn later(mut it: Named, mut plain: Plain) -> u64 {
    let id = it.id;
    it.id = 1;
    plain.id += 1;
    id
}
#[traced]
async fn later_apart((mut it, mut count): (Named, u8)) {
    it.id += 1;
    count += 1;
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    let one = Plain { id: 1, more: (2, [3, 4]) };
    println!("{:?} {:?}", one.changed(), one.replaced(one));
    one.later().await;
    println!("{}", one.made().await);
    let two = Named { id: 1, name: String::from("two") };
    println!("{:?} {:?}", two.clone().read_before(), two.clone().moved_after().is_ok());
    println!("{:?} {:?}", plain(one), plain_read(one));
    println!("{:?} {:?}", named(two.clone()), named_read(two.clone()));
    println!("{:?} {:?}", named_whole(two.clone(), two.clone()), counted(1));
    println!("{:?}", counted_read(1));
    println!("{:?}", taken_apart(Pair { left: two.clone(), right: two.clone() }));
    println!("{:?} {:?}", generic((1, 2)), boxed(Box::new(two.clone())));
    println!("{:?} {:?}", referred(&mut two.clone()), needlessly(two.clone()));
    println!("{}", later(two.clone(), one).await);
    later_apart((two, 1)).await;
}
