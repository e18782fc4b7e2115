//! Trying again when an object cannot be reached.

use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use worker::console_error;
use worker::js_sys::{Math, Reflect};
use worker::wasm_bindgen::JsValue;

use super::Lobby;
use crate::error::{Error, ErrorKind, Result};
use crate::platform::workers::sleep;

/// The rule by which an attempt to reach an object is repeated when it fails in a way that the platform calls retryable
/// and not overloaded ([error
/// handling](https://developers.cloudflare.com/durable-objects/best-practices/error-handling/)).
///
/// By default there are three attempts; before the n-th repetition passes a random time of at most
/// `min(800, 100 * 2^(n-1))` milliseconds, so that clients do not come back all at once.
///
/// # Who repeats what
///
/// The platform repeats requests by itself ([automatic
/// retries](https://developers.cloudflare.com/durable-objects/best-practices/automatic-retries/)), and this repeats
/// what the platform gives up or does not repeat. The two are added, not multiplied: only in the first attempt the
/// platform tries again by itself.
///
/// | what failed | repeated by |
/// | --- | --- |
/// | the request did not reach the room, or nobody can tell | the platform, up to four times within ten seconds; a room gets the request at most once |
/// | a request without a body, in any retryable way, after that | this, twice by default; [`on_retry`](Retry::on_retry) is called; the room may get the request twice |
/// | a request with a body, whose stream is gone then; a [call](crate::Stub::call) | nobody, after the platform |
/// | anything, with [`no_retry`](crate::Router::no_retry) | nobody |
#[derive(Clone)]
pub struct Retry<'a> {
    max_attempts: u32,
    base_delay: Duration,
    max_delay: Duration,
    on_retry: Option<Rc<OnRetry<'a>>>,
}

type OnRetry<'a> = dyn Fn(&RetryEvent<'_>) -> Result<()> + 'a;

/// An attempt that failed and is about to be repeated.
#[derive(Debug)]
#[non_exhaustive]
pub struct RetryEvent<'a> {
    /// The error of the attempt.
    pub error: &'a worker::Error,
    /// Which attempt it was, from 1.
    pub attempt: u32,
    /// The largest number of attempts.
    pub max_attempts: u32,
    /// The time until the next attempt.
    pub delay: Duration,
    /// The room that the request is for.
    pub lobby: &'a Lobby,
}

impl<'a> Retry<'a> {
    /// Returns the default: three attempts, 100 to 800 ms apart.
    ///
    /// # Example
    ///
    /// ```
    /// use party::{Retry, Router};
    ///
    /// let router = Router::new().retry(Retry::new());
    /// # let _ = router;
    /// ```
    pub fn new() -> Self {
        let [base_delay, max_delay] = [100, 800].map(Duration::from_millis);
        Self { max_attempts: 3, base_delay, max_delay, on_retry: None }
    }

    /// Returns how many attempts there are at most, the first included, in which the platform may try again by itself.
    ///
    /// The default is 3. 1 means no repetition, except by the platform.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`] for 0.
    ///
    /// # Example
    ///
    /// ```
    /// use party::Retry;
    ///
    /// assert!(Retry::new().max_attempts(5).is_ok());
    /// assert!(Retry::new().max_attempts(0).is_err());
    /// ```
    pub fn max_attempts(mut self, attempts: u32) -> Result<Self> {
        if attempts == 0 {
            return Err(Error::new(ErrorKind::Invalid, "at least one attempt is needed to reach a room"));
        }
        self.max_attempts = attempts;
        Ok(self)
    }

    /// Returns the longest time before the first repetition, and before any.
    ///
    /// The defaults are 100 and 800 milliseconds.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`] when the first is longer than the second.
    ///
    /// # Example
    ///
    /// ```
    /// use std::time::Duration;
    /// use party::Retry;
    ///
    /// let patient = Retry::new().delays(Duration::from_millis(200), Duration::from_secs(3))?;
    /// # let _ = patient;
    /// # Ok::<(), party::Error>(())
    /// ```
    pub fn delays(mut self, base: Duration, max: Duration) -> Result<Self> {
        if base > max {
            return Err(Error::new(ErrorKind::Invalid, "the base delay is longer than the longest delay"));
        }
        (self.base_delay, self.max_delay) = (base, max);
        Ok(self)
    }

    /// Sets a hook that is called before each repetition, except those of the platform. An error of the hook is only
    /// logged.
    ///
    /// # Example
    ///
    /// ```
    /// use party::{Retry, RetryEvent};
    ///
    /// let logged = Retry::new().on_retry(|event: &RetryEvent<'_>| {
    ///     println!("attempt {} of {} at {} failed", event.attempt, event.max_attempts, event.lobby.room());
    ///     Ok(())
    /// });
    /// # let _ = logged;
    /// ```
    #[must_use]
    pub fn on_retry(mut self, told: impl Fn(&RetryEvent<'_>) -> Result<()> + 'a) -> Self {
        self.on_retry = Some(Rc::new(told));
        self
    }

    /// Runs `attempt`, which gets its number from 1, until it succeeds, or fails in a way that is not worth another.
    pub(super) async fn run<T>(
        retry: Option<&Self>,
        lobby: &Lobby,
        attempt: impl AsyncFn(u32) -> Result<T, JsValue>,
    ) -> worker::Result<T> {
        let done = match retry {
            None => attempt(1).await,
            Some(retry) => {
                retry
                    .repeat(attempt, is_retryable, async |thrown, number| {
                        retry.pause(thrown, number, lobby).await
                    })
                    .await
            }
        };
        done.map_err(worker::Error::from)
    }

    /// Repeats an attempt while its error is worth it, `pause` being what passes in between. The last error is what
    /// remains.
    async fn repeat<T, E>(
        &self,
        attempt: impl AsyncFn(u32) -> Result<T, E>,
        is_worth: impl Fn(&E) -> bool,
        pause: impl AsyncFn(&E, u32),
    ) -> Result<T, E> {
        let mut number = 1;
        loop {
            match attempt(number).await {
                Err(error) if number < self.max_attempts && is_worth(&error) => pause(&error, number).await,
                done => return done,
            }
            number = number.saturating_add(1);
        }
    }

    async fn pause(&self, thrown: &JsValue, attempt: u32, lobby: &Lobby) {
        let delay = self.delay(attempt, Math::random());
        let error = &worker::Error::from(thrown.clone());
        let event = RetryEvent { error, attempt, max_attempts: self.max_attempts, delay, lobby };
        if let Some(Err(error)) = self.on_retry.as_ref().map(|told| told(&event)) {
            console_error!("on_retry failed: {}", error.chain());
        }
        sleep(delay).await;
    }

    /// Returns a random time before the repetition that follows an attempt; `chance` is from 0 to 1.
    fn delay(&self, attempt: u32, chance: f64) -> Duration {
        let doublings = 2_u32.saturating_pow(attempt.saturating_sub(1));
        let most = self.base_delay.saturating_mul(doublings).min(self.max_delay);
        most.mul_f64(chance.clamp(0.0, 1.0))
    }
}

impl Default for Retry<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Retry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Retry")
            .field("max_attempts", &self.max_attempts)
            .field("base_delay", &self.base_delay)
            .field("max_delay", &self.max_delay)
            .finish_non_exhaustive()
    }
}

/// Returns whether the platform says that trying again may help.
fn is_retryable(thrown: &JsValue) -> bool {
    let flag =
        |name: &str| Reflect::get(thrown, &JsValue::from_str(name)).is_ok_and(|flag| flag == JsValue::TRUE);
    flag("retryable") && !flag("overloaded")
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use futures_executor::block_on;

    use super::*;

    /// Returns the result of attempts that fail with these errors and then succeed, and the pauses in between.
    fn outcome(retry: &Retry<'_>, errors: &[&'static str]) -> (Result<usize, &'static str>, Vec<u32>) {
        let (made, pauses) = (RefCell::new(0_usize), RefCell::new(Vec::new()));
        let attempt = async |attempt: u32| {
            let number = made.replace_with(|made| made.saturating_add(1));
            assert_eq!(usize::try_from(attempt), Ok(number.saturating_add(1)));
            errors.get(number).map_or(Ok(number.saturating_add(1)), |error| Err(*error))
        };
        let worth = |error: &&str| error.starts_with("retryable");
        let done = block_on(retry.repeat(attempt, worth, async |_, number| pauses.borrow_mut().push(number)));
        (done, pauses.into_inner())
    }

    #[test]
    fn an_attempt_that_fails_in_a_retryable_way_is_repeated_until_it_succeeds() {
        assert_eq!(outcome(&Retry::new(), &[]), (Ok(1), vec![]));
        assert_eq!(outcome(&Retry::new(), &["retryable"]), (Ok(2), vec![1]));
        assert_eq!(outcome(&Retry::new(), &["retryable", "retryable"]), (Ok(3), vec![1, 2]));
    }

    #[test]
    fn after_the_last_attempt_its_own_error_remains() {
        let errors = ["retryable 1", "retryable 2", "retryable 3", "retryable 4"];
        assert_eq!(outcome(&Retry::new(), &errors), (Err("retryable 3"), vec![1, 2]));
        assert_eq!(outcome(&Retry::new().max_attempts(1).unwrap(), &errors), (Err("retryable 1"), vec![]));
    }

    #[test]
    fn an_error_that_is_not_retryable_ends_the_attempts() {
        assert_eq!(outcome(&Retry::new(), &["fatal"]), (Err("fatal"), vec![]));
        assert_eq!(outcome(&Retry::new(), &["retryable", "fatal"]), (Err("fatal"), vec![1]));
    }

    #[test]
    fn pauses_grow_from_100_to_800_milliseconds_and_are_random_below_that() {
        let retry = Retry::new();
        let most = |attempt| retry.delay(attempt, 1.0).as_millis();
        assert_eq!([1, 2, 3, 4, 5, 40].map(most), [100, 200, 400, 800, 800, 800]);
        assert_eq!(retry.delay(2, 0.25).as_millis(), 50);
        assert_eq!(retry.delay(2, 0.0).as_millis(), 0);
    }

    #[test]
    fn options_that_make_no_sense_are_refused() {
        assert!(Retry::new().max_attempts(0).is_err());
        assert!(Retry::new().delays(Duration::from_secs(2), Duration::from_secs(1)).is_err());
        assert!(Retry::new().delays(Duration::from_secs(1), Duration::from_secs(1)).is_ok());
    }
    #[test]
    fn a_hook_changes_no_other_option() {
        let retry = Retry::new().max_attempts(7).unwrap().on_retry(|_| Ok(()));
        assert_eq!((retry.max_attempts, retry.on_retry.is_some()), (7, true));
    }
}
