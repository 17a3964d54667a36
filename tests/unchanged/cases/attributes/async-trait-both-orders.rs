//! `#[async_trait]` above and below a block, and around single functions.
use async_trait::async_trait;
use otel_runtime::traced;

#[async_trait]
trait Store: Send + Sync {
    async fn load(&self, id: u64) -> Result<String, String>;
    async fn save(&mut self, text: &str) -> usize {
        text.len()
    }
}
struct First;
struct Second(Vec<String>);

#[async_trait]
#[traced]
impl Store for First {
    async fn load(&self, id: u64) -> Result<String, String> {
        tokio::task::yield_now().await;
        Ok(format!("first {id}"))
    }
}

#[traced(skip_pii)]
#[async_trait]
impl Store for Second {
    async fn load(&self, id: u64) -> Result<String, String> {
        self.0.get(id as usize).cloned().ok_or_else(|| format!("no {id}"))
    }
    async fn save(&mut self, text: &str) -> usize {
        self.0.push(text.to_owned());
        self.0.len()
    }
}
struct Third;
#[async_trait]
impl Store for Third {
    #[traced(attrs(id))]
    async fn load(&self, id: u64) -> Result<String, String> {
        if id == 0 {
            return Err("none".into());
        }
        Ok(std::any::type_name::<Self>().rsplit("::").next().unwrap().to_owned())
    }
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    let mut stores: Vec<Box<dyn Store>> = vec![Box::new(First), Box::new(Second(vec![])), Box::new(Third)];
    for store in &mut stores {
        println!("{} {:?} {:?}", store.save("text").await, store.load(0).await, store.load(1).await);
    }
}
