//! `self` in async methods, borrowed over an await.
use otel_runtime::traced;
use std::{pin::Pin, rc::Rc};

#[derive(Debug)]
struct Log(Vec<&'static str>);

impl Log {
    #[traced]
    async fn push(&mut self, line: &'static str) -> &mut Self {
        tokio::task::yield_now().await;
        self.0.push(line);
        self
    }
    #[traced]
    async fn last(&self) -> Option<&&'static str> {
        tokio::task::yield_now().await;
        self.0.last()
    }
    #[traced]
    async fn closed(mut self) -> Vec<&'static str> {
        self.0.push("closed");
        self.0
    }
    #[traced]
    async fn shared(self: Rc<Self>) -> usize {
        tokio::task::yield_now().await;
        Rc::strong_count(&self) + self.0.len()
    }
    #[traced]
    async fn pinned(self: Pin<&mut Self>) -> usize {
        let log = self.get_mut();
        log.push("pinned").await;
        log.0.len()
    }
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    let mut log = Log(Vec::new());
    log.push("a").await.push("b").await;
    println!("{:?}", log.last().await);
    println!("{}", Pin::new(&mut log).pinned().await);
    println!("{:?} {}", log.closed().await, Rc::new(Log(vec!["c"])).shared().await);
}
