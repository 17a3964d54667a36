//! How do several processes on one terminal draw as one?
//!
//! ```text
//! the first process     holds the lock file, listens on the socket, draws
//! any other             connects, sends a part of a trace, waits for the byte that says it was taken
//!                       no answer within 50 ms: draws by itself, and tries again in 5 s
//! ```
//!
//! Both files are named for the terminal, in a directory that only this user may enter. When the first
//! process ends, its lock ends with it, and the next one that has something to draw takes over.

use std::fs::{DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::{FlockOperation, flock};
use rustix::io::{FdFlags, fcntl_setfd};
use rustix::net::{AddressFamily, SocketAddrUnix, SocketType, connect, socket};

use super::canvas::Canvas;
use super::part::Part;

/// How long another process may take to take a part.
const PATIENCE: Duration = Duration::from_millis(50);
/// How long one that did not is left alone.
const PAUSE: Duration = Duration::from_secs(5);
/// How often the one that draws looks whether something has waited long enough.
const TICK: Duration = Duration::from_millis(100);
/// So many processes at most send their parts to one.
const MOST: usize = 64;
/// A part has at most so many bytes.
const LARGEST: usize = 16 << 20;
/// What says that a part was taken.
const TAKEN: u8 = 1;

/// Where processes meet.
#[derive(Clone, Debug)]
pub(crate) struct Meeting {
    socket: PathBuf,
    lock: PathBuf,
}

impl Meeting {
    /// That of the terminal which stderr is. `None` if it is none, or there is no place for it.
    pub(crate) fn of_stderr() -> Option<Self> {
        let stderr = File::from(io::stderr().as_fd().try_clone_to_owned().ok()?);
        let terminal = stderr.metadata().ok()?.rdev();
        let user = rustix::process::geteuid().as_raw();
        Self::of(&PathBuf::from(format!("/tmp/otel-runtime-{user}")), terminal)
    }

    /// That of a terminal, by its device number, in a directory that only this user may enter.
    pub(super) fn of(directory: &Path, terminal: u64) -> Option<Self> {
        let _ = DirBuilder::new().mode(0o700).create(directory);
        // Somebody else may have made it, or made it a link to elsewhere.
        let found = directory.symlink_metadata().ok()?;
        let is_ours = found.is_dir() && found.uid() == rustix::process::geteuid().as_raw();
        let is_private = found.permissions().mode() & 0o777 == 0o700;
        // The form of what is sent has a number: another version meets elsewhere.
        (is_ours && is_private).then(|| Self {
            socket: directory.join(format!("terminal-{terminal}-1.sock")),
            lock: directory.join(format!("terminal-{terminal}-1.lock")),
        })
    }

    /// The lock, if no other process has it.
    pub(super) fn lock(&self) -> Option<File> {
        let mut options = OpenOptions::new();
        let file = options.create(true).truncate(false).write(true).mode(0o600).open(&self.lock);
        let file = file.ok()?;
        flock(&file, FlockOperation::NonBlockingLockExclusive).ok()?;
        Some(file)
    }

    pub(super) fn listen(&self) -> io::Result<UnixListener> {
        // Whoever has the lock knows that nobody listens there any more.
        let _ = std::fs::remove_file(&self.socket);
        let listener = UnixListener::bind(&self.socket)?;
        std::fs::set_permissions(&self.socket, Permissions::from_mode(0o600))?;
        Ok(listener)
    }

    /// Never waits: where too many others wait already, it fails.
    pub(super) fn connect(&self) -> io::Result<UnixStream> {
        let stream = UnixStream::from(socket(AddressFamily::UNIX, SocketType::STREAM, None)?);
        fcntl_setfd(&stream, FdFlags::CLOEXEC)?;
        stream.set_nonblocking(true)?;
        connect(&stream, &SocketAddrUnix::new(&self.socket)?)?;
        stream.set_nonblocking(false)?;
        stream.set_write_timeout(Some(PATIENCE))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(stream)
    }
}

/// This process, among those on its terminal.
pub(super) struct Member {
    meeting: Meeting,
    service: String,
    canvas: Arc<Mutex<Canvas>>,
    role: Role,
}

enum Role {
    /// It draws, as long as it holds the lock.
    Drawer { _lock: File, is_closed: Arc<AtomicBool> },
    /// Another one draws.
    Sender(UnixStream),
    /// Nobody answered.
    Alone { until: Option<Instant> },
}

impl Member {
    pub(super) fn new(meeting: Meeting, service: &str, canvas: Arc<Mutex<Canvas>>) -> Self {
        let role = Role::Alone { until: None };
        let mut member = Self { meeting, service: service.to_owned(), canvas, role };
        member.find_role();
        member
    }

    /// Sends a part to the process that draws. False if that is this one, or there is none that answers.
    pub(super) fn send(&mut self, part: &Part) -> bool {
        self.find_role();
        let Role::Sender(stream) = &mut self.role else { return false };
        let is_taken = send(stream, &part.encode(&self.service)).is_ok();
        if !is_taken {
            self.role = Role::Alone { until: None };
            self.find_role();
            if let Role::Sender(_) = self.role {
                // It is there, and does not answer.
                self.role = Role::Alone { until: Instant::now().checked_add(PAUSE) };
            }
        }
        is_taken
    }

    /// No longer draws for others.
    pub(super) fn leave(&mut self) {
        if let Role::Drawer { is_closed, .. } = &self.role {
            is_closed.store(true, Ordering::Relaxed);
            // The thread that listens is woken, to see that.
            let _ = self.meeting.connect();
            let _ = std::fs::remove_file(&self.meeting.socket);
        }
        self.role = Role::Alone { until: None };
    }

    fn find_role(&mut self) {
        let Role::Alone { until } = self.role else { return };
        if until.is_some_and(|until| until > Instant::now()) {
            return;
        }
        self.role = self
            .as_drawer()
            .or_else(|| self.as_sender())
            .unwrap_or(Role::Alone { until: Instant::now().checked_add(PAUSE) });
    }

    fn as_drawer(&self) -> Option<Role> {
        let lock = self.meeting.lock()?;
        let listener = self.meeting.listen().ok()?;
        let is_closed = Arc::new(AtomicBool::new(false));
        let (canvas, closed) = (Arc::clone(&self.canvas), Arc::clone(&is_closed));
        let thread = thread::Builder::new().name("otel-terminal".to_owned());
        thread.spawn(move || listen(&listener, &canvas, &closed)).ok()?;
        Some(Role::Drawer { _lock: lock, is_closed })
    }

    fn as_sender(&self) -> Option<Role> {
        self.meeting.connect().ok().map(Role::Sender)
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        self.leave();
    }
}

/// Sends a part, and waits until it is taken.
fn send(stream: &mut UnixStream, part: &[u8]) -> io::Result<()> {
    let length = u32::try_from(part.len()).ok().filter(|_| part.len() <= LARGEST);
    let length = length.ok_or(io::ErrorKind::InvalidInput)?;
    stream.write_all(&length.to_be_bytes())?;
    stream.write_all(part)?;
    let mut answer = [0];
    stream.read_exact(&mut answer)?;
    if answer == [TAKEN] { Ok(()) } else { Err(io::ErrorKind::InvalidData.into()) }
}

/// Takes in other processes, each on a thread of its own.
fn listen(listener: &UnixListener, canvas: &Arc<Mutex<Canvas>>, is_closed: &Arc<AtomicBool>) {
    for stream in listener.incoming() {
        if is_closed.load(Ordering::Relaxed) {
            return;
        }
        // Out of file descriptors, say: those that are there are served.
        let Ok(stream) = stream else {
            thread::sleep(TICK);
            continue;
        };
        let is_full = {
            let mut canvas = locked(canvas);
            let is_full = canvas.others >= MOST;
            canvas.others += usize::from(!is_full);
            is_full
        };
        if is_full {
            continue;
        }
        let (shared, is_closed) = (Arc::clone(canvas), Arc::clone(is_closed));
        let thread = thread::Builder::new().name("otel-terminal".to_owned());
        let serve = move || {
            let _ = serve(stream, &shared, &is_closed);
            gone(&shared);
        };
        if thread.spawn(serve).is_err() {
            gone(canvas);
        }
    }
}

/// A process went away, and with it what it might have sent.
fn gone(canvas: &Mutex<Canvas>) {
    let mut canvas = locked(canvas);
    canvas.others -= 1;
    canvas.draw_due();
}

/// Takes in the parts that one process sends, until it ends or sends something else.
fn serve(mut stream: UnixStream, canvas: &Mutex<Canvas>, is_closed: &AtomicBool) -> io::Result<()> {
    stream.set_read_timeout(Some(TICK))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    loop {
        let mut length = [0; 4];
        while !read(&mut stream, &mut length)? {
            if is_closed.load(Ordering::Relaxed) {
                return Ok(());
            }
            locked(canvas).draw_due();
        }
        let length = u32::from_be_bytes(length) as usize;
        if length > LARGEST {
            return Err(io::ErrorKind::InvalidData.into());
        }
        // What is announced may never come, so room is made for what does.
        let mut bytes = Vec::new();
        (&mut stream).take(length as u64).read_to_end(&mut bytes)?;
        if bytes.len() < length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let mut canvas = locked(canvas);
        // Whoever no longer draws takes nothing more: what waits is drawn with the lock held after this.
        if is_closed.load(Ordering::Relaxed) {
            return Ok(());
        }
        let part = Part::decode(&bytes, &mut canvas.services);
        let part = part.ok_or(io::ErrorKind::InvalidData)?;
        canvas.add(part);
        drop(canvas);
        stream.write_all(&[TAKEN])?;
    }
}

/// Fills `buffer`; false if nothing came in time.
fn read(stream: &mut UnixStream, buffer: &mut [u8]) -> io::Result<bool> {
    let first = match stream.read(buffer) {
        Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
        Ok(first) => first,
        Err(error) => match error.kind() {
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted => {
                return Ok(false);
            }
            _ => return Err(error),
        },
    };
    stream.read_exact(&mut buffer[first..])?;
    Ok(true)
}

fn locked(canvas: &Mutex<Canvas>) -> MutexGuard<'_, Canvas> {
    canvas.lock().unwrap_or_else(PoisonError::into_inner)
}
