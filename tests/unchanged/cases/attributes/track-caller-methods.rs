//! `#[track_caller]` on methods that may end before their end, under an attribute on their `impl` or
//! with an attribute and a visibility of their own.
use otel_runtime::traced;
use std::panic::Location;
use std::pin::Pin;

mod shop {
    use super::*;

    #[derive(Clone, Debug, Default)]
    pub struct Shop<K, const N: usize> {
        pub orders: Vec<K>,
    }

    #[traced]
    impl<K: Clone + PartialEq + std::fmt::Debug, const N: usize> Shop<K, N>
    where
        K: Default,
    {
        #[track_caller]
        pub fn order(&self, id: usize) -> Result<K, u32> {
            let order = self.orders.get(id).ok_or_else(|| 0u32).map_err(|_| Location::caller().line());
            Ok(order?.clone())
        }
        #[track_caller]
        fn private(&mut self, id: usize) -> Result<u32, u32> {
            if id == N {
                return Err(Location::caller().line());
            }
            self.orders.push(K::default());
            Ok(Location::caller().line())
        }
        #[track_caller]
        pub fn both(&mut self, id: usize) -> [Result<u32, u32>; 2] {
            [self.private(id), self.private(N)]
        }
        #[track_caller]
        #[allow(unused_variables)]
        pub fn owned(mut self, spare: u8) -> Result<Self, u32> {
            self.orders.pop().ok_or(Location::caller().line())?;
            Ok(self)
        }
        #[track_caller]
        pub fn boxed(self: Box<Self>) -> Result<K, u32> {
            self.order(0)?;
            Err(Location::caller().line())
        }
        #[track_caller]
        pub fn pinned(self: Pin<&mut Self>) -> Result<usize, u32> {
            if self.orders.is_empty() {
                return Err(Location::caller().line());
            }
            Ok(self.orders.len())
        }
        #[track_caller]
        pub fn made<M>(order: K, more: M) -> Result<(Shop<K, N>, M), u32> {
            if order == K::default() {
                return Err(Location::caller().line());
            }
            Ok((Shop { orders: vec![order] }, more))
        }
        #[track_caller]
        fn never(&self) -> Result<u8, u8> {
            return Ok(1);
        }
    }

    impl<K, const N: usize> Shop<K, N> {
        #[traced]
        #[track_caller]
        pub(crate) fn first(&self, r#match: u8) -> Result<&K, u32> {
            let first = self.orders.first().ok_or(Location::caller().line())?;
            Ok(first)
        }
        #[traced]
        #[track_caller]
        pub fn r#loop() -> Result<Self, u32> {
            if N == 3 {
                return Err(Location::caller().line());
            }
            Ok(Shop { orders: Vec::new() })
        }
    }
}
use shop::Shop;

pub fn main() {
    let mut shop = Shop::<u8, 2> { orders: vec![5] };
    println!("{:?} {:?}", shop.order(0), shop.order(1));
    println!("{:?}", shop.both(1));
    println!("{:?} {:?}", shop.clone().owned(1), Shop::<u8, 2>::default().owned(1).is_err());
    println!("{:?}", Box::new(shop.clone()).boxed());
    println!("{:?} {:?}", Pin::new(&mut shop).pinned(), Pin::new(&mut Shop::<u8, 1>::default()).pinned());
    println!("{:?} {:?}", Shop::<u8, 2>::made(0, "a"), Shop::<u8, 2>::made(1, "b"));
    println!("{:?} {:?}", shop.first(1), Shop::<u8, 2>::default().first(1));
    println!("{:?} {:?}", Shop::<u8, 3>::r#loop(), Shop::<u8, 2>::r#loop());
}
