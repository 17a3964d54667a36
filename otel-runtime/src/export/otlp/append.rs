//! How is a file opened for appending, without waiting for a reader if it is a pipe?

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;

/// Opens the file, and creates it if it does not exist.
///
/// # Errors
///
/// If the file cannot be opened, or is a pipe that nobody reads: opening that would wait for a reader.
pub(super) fn open(path: &Path) -> io::Result<File> {
    if is_pipe(path) { open_pipe(path) } else { appending().open(path) }
}

fn appending() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    options
}

#[cfg(unix)]
fn is_pipe(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt;

    fs::metadata(path).is_ok_and(|metadata| metadata.file_type().is_fifo())
}

#[cfg(not(unix))]
fn is_pipe(_: &Path) -> bool {
    false
}

/// Opens a pipe on a thread. If nobody reads it within a second, we open it for reading ourselves,
/// which lets that thread end.
fn open_pipe(path: &Path) -> io::Result<File> {
    use std::sync::mpsc;
    use std::time::Duration;

    let (sender, opened) = mpsc::channel();
    let at = path.to_owned();
    std::thread::Builder::new().name("otel-open".to_owned()).spawn(move || {
        let _ = sender.send(appending().open(at));
    })?;
    opened.recv_timeout(Duration::from_secs(1)).unwrap_or_else(|_| {
        // This returns at once, since a writer waits. It stays open until the writer's `open` has
        // returned.
        let reader = File::open(path)?;
        let _ = opened.recv();
        drop(reader);
        Err(io::Error::other("this is a pipe that nobody reads"))
    })
}

#[cfg(all(test, unix))]
mod tests {
    use std::io::{Read, Write};
    use std::path::PathBuf;
    use std::process::Command;
    use std::thread;

    use super::*;

    /// A named pipe, which is removed after the test.
    struct Pipe(PathBuf);

    impl Pipe {
        fn new(name: &str) -> Pipe {
            let path = std::env::temp_dir().join(format!("otel-{name}-{}", std::process::id()));
            assert!(Command::new("mkfifo").arg(&path).status().expect("run").success());
            Pipe(path)
        }
    }

    impl Drop for Pipe {
        fn drop(&mut self) {
            let _ = fs::remove_file(&self.0);
        }
    }

    #[test]
    fn a_pipe_that_nobody_reads_is_refused_rather_than_waited_for() {
        let pipe = Pipe::new("unread");
        let error = open(&pipe.0).expect_err("nobody reads it");
        assert_eq!(error.to_string(), "this is a pipe that nobody reads");
    }

    #[test]
    fn a_pipe_that_somebody_reads_is_written_to() {
        let pipe = Pipe::new("read");
        let path = pipe.0.clone();
        let reader = thread::spawn(move || {
            let mut text = String::new();
            File::open(path)?.read_to_string(&mut text).map(|_| text)
        });
        open(&pipe.0).expect("a reader").write_all(b"line\n").expect("written");
        assert_eq!(reader.join().expect("no panic").expect("read"), "line\n");
    }
}
