//! One question that many ask at once, asked once for all of them.

use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::Mutex;

/// A question to the database that requests share. Each gets an answer that was asked for after the request came: an
/// answer on its way already may be older than a write the request knows of, so it waits for the next.
#[derive(Debug, Default)]
pub(crate) struct SharedRead<T> {
    /// How many questions were put so far.
    asked: AtomicU64,
    /// The last answer, and the number of its question.
    answer: Mutex<Option<(u64, T)>>,
}

impl<T: Copy> SharedRead<T> {
    /// The answer to a question that was put after this call.
    ///
    /// # Errors
    /// What the question fails with; the others ask again.
    pub(crate) async fn read<E, F: Future<Output = Result<T, E>>>(&self, ask: impl FnOnce() -> F) -> Result<T, E> {
        let before = self.asked.load(Ordering::SeqCst);
        let mut answer = self.answer.lock().await;
        if let Some((number, value)) = *answer
            && number > before
        {
            return Ok(value);
        }
        let number = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
        let value = ask().await?;
        *answer = Some((number, value));
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use tokio::sync::Notify;

    #[tokio::test]
    async fn many_share_a_question_that_was_put_after_all_of_them_came() {
        let (shared, asked) = (Arc::new(SharedRead::<u64>::default()), Arc::new(AtomicU64::new(0)));
        let (begun, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let first = {
            let (shared, asked, begun, go) =
                (Arc::clone(&shared), Arc::clone(&asked), Arc::clone(&begun), Arc::clone(&go));
            tokio::spawn(async move {
                let ask = || async {
                    let value = asked.fetch_add(1, Ordering::SeqCst);
                    begun.notify_one();
                    go.notified().await;
                    Ok::<u64, ()>(value)
                };
                shared.read(ask).await
            })
        };
        begun.notified().await;
        // These come while the first question is on its way: they may not have its answer, and share the next.
        let later: Vec<_> = (0..10)
            .map(|_| {
                let (shared, asked) = (Arc::clone(&shared), Arc::clone(&asked));
                let ask = move || async move { Ok::<u64, ()>(asked.fetch_add(1, Ordering::SeqCst)) };
                tokio::spawn(async move { shared.read(ask).await })
            })
            .collect();
        tokio::task::yield_now().await;
        go.notify_one();
        assert_eq!(first.await.unwrap(), Ok(0));
        for one in later {
            assert_eq!(one.await.unwrap(), Ok(1));
        }
        assert_eq!(asked.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn a_failed_question_is_asked_again() {
        let shared = SharedRead::<u64>::default();
        assert_eq!(shared.read(|| async { Err::<u64, &str>("gone") }).await, Err("gone"));
        assert_eq!(shared.read(|| async { Ok::<u64, &str>(7) }).await, Ok(7));
    }
}
