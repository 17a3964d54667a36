//! How does the shop start the services that it needs? The same for both shops: there is no telemetry in it.

use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, Command};

pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;

/// A service of the shop, in a process of its own.
pub(crate) struct Process {
    child: Child,
    pub(crate) url: String,
}

impl Process {
    /// Starts this program again, and reads from its first line where it listens.
    pub(crate) async fn start(service: &str) -> Result<Process, Failure> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg(service)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let stdout = child.stdout.take().ok_or("it has no standard output")?;
        let mut lines = BufReader::new(stdout);
        let mut url = String::new();
        lines.read_line(&mut url).await?;
        // What it logs goes where this process logs.
        tokio::spawn(async move { tokio::io::copy(&mut lines, &mut tokio::io::stdout()).await });
        Ok(Process { child, url: url.trim_end().to_owned() })
    }

    /// It ends when nobody holds its standard input any more.
    pub(crate) async fn end(mut self) -> Result<(), Failure> {
        drop(self.child.stdin.take());
        self.child.wait().await?;
        Ok(())
    }
}

/// Tells the process that started this one where it listens.
pub(crate) fn listens_at(address: std::net::SocketAddr) {
    println!("http://{address}");
}

/// Waits until the process that started this one lets it go.
pub(crate) async fn let_go() {
    let _ = tokio::io::stdin().read_to_end(&mut Vec::new()).await;
}
