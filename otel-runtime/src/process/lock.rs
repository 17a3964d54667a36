//! How is a lock taken that, in a forked child, nobody may ever release?

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Takes a lock; `None` if a thread of the parent held it when this process was forked.
#[cfg_attr(
    not(feature = "sdk"),
    expect(
        clippy::unnecessary_wraps,
        reason = "without `init` there is no process to compare with"
    )
)]
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> Option<MutexGuard<'_, T>> {
    #[cfg(feature = "sdk")]
    if crate::process::fork::is_child() {
        return try_for_a_while(mutex);
    }
    Some(mutex.lock().unwrap_or_else(PoisonError::into_inner))
}

#[cfg(feature = "sdk")]
#[cold]
fn try_for_a_while<T>(mutex: &Mutex<T>) -> Option<MutexGuard<'_, T>> {
    use std::sync::TryLockError;

    /// After so many tries any thread of this process has released the lock, which it holds for a moment
    /// only.
    const TRIES: u32 = 1000;

    for _ in 0..TRIES {
        match mutex.try_lock() {
            Ok(guard) => return Some(guard),
            Err(TryLockError::Poisoned(poisoned)) => return Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => std::thread::yield_now(),
        }
    }
    None
}
