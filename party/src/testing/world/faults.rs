//! What goes wrong with calls between rooms.

use std::time::Duration;

/// The probabilities with which calls between rooms go wrong, for
/// [`TestWorld::set_call_faults`](super::TestWorld::set_call_faults). By default nothing does.
///
/// A probability is from 0 to 1. A call can meet several faults.
///
/// # Example
///
/// ```
/// use std::time::Duration;
/// use party::testing::CallFaults;
///
/// let faults = CallFaults::default().lose(0.1).lose_answers(0.1).delay(0.2, Duration::from_secs(2));
/// # let _ = faults;
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[must_use = "pass them to `TestWorld::set_call_faults`"]
pub struct CallFaults {
    pub(in crate::testing) lose: f64,
    pub(in crate::testing) lose_answer: f64,
    pub(in crate::testing) double: f64,
    pub(in crate::testing) delay: (f64, Duration),
    pub(in crate::testing) hang: f64,
}

/// What goes wrong with one call, for [`TestWorld::fault_next_call`](super::TestWorld::fault_next_call).
///
/// # Example
///
/// See [`TestWorld::fault_next_call`](super::TestWorld::fault_next_call).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CallFault {
    /// The call does not arrive, and the caller gets an error at once.
    Lose,
    /// The call arrives and is carried out, but its caller gets an error instead of the answer.
    LoseAnswer,
    /// The call arrives twice. The first answer is the caller's.
    Double,
    /// The call arrives later.
    Delay(Duration),
    /// The call arrives and is carried out, but its caller never gets an answer.
    Hang,
}

impl CallFaults {
    /// Loses calls: they do not arrive, and the caller gets an error at once.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{CallFaults, TestWorld, example::{Desk, Guest}};
    /// # let world = TestWorld::new().party::<Guest>("guest").party::<Desk>("desk");
    /// let ada = world.room::<Guest>("guest", "ada").connect("phone");
    /// world.set_call_faults(CallFaults::default().lose(1.0));
    /// ada.send("ring");
    /// world.set_call_faults(CallFaults::default());
    /// ada.send("ring");
    /// assert_eq!([ada.receive_text(), ada.receive_text()], ["Platform", "1"]);
    /// ```
    pub fn lose(self, probability: f64) -> Self {
        Self { lose: probability, ..self }
    }

    /// Loses answers: the call is carried out, and the caller gets an error.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{CallFaults, TestWorld, example::{Desk, Guest}};
    /// # let world = TestWorld::new().party::<Guest>("guest").party::<Desk>("desk");
    /// let ada = world.room::<Guest>("guest", "ada").connect("phone");
    /// world.set_call_faults(CallFaults::default().lose_answers(1.0));
    /// ada.send("ring");
    /// world.set_call_faults(CallFaults::default());
    /// ada.send("ring");
    /// assert_eq!([ada.receive_text(), ada.receive_text()], ["Platform", "2"]);
    /// ```
    pub fn lose_answers(self, probability: f64) -> Self {
        Self { lose_answer: probability, ..self }
    }

    /// Has calls arrive twice. Each of the two can meet the other faults, and what comes back first is the caller's.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{CallFaults, TestWorld, example::{Desk, Guest}};
    /// # let world = TestWorld::new().party::<Guest>("guest").party::<Desk>("desk");
    /// let ada = world.room::<Guest>("guest", "ada").connect("phone");
    /// world.set_call_faults(CallFaults::default().double(1.0));
    /// ada.send("ring");
    /// ada.send("ring");
    /// assert_eq!([ada.receive_text(), ada.receive_text()], ["1", "3"]);
    /// ```
    pub fn double(self, probability: f64) -> Self {
        Self { double: probability, ..self }
    }

    /// Has calls arrive later, and answers too: after a random time of at most `longest` on the virtual clock. So they
    /// arrive in another order than they were sent.
    ///
    /// # Example
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use party::testing::{CallFaults, TestWorld, example::{Desk, Guest}};
    /// # let world = TestWorld::new().party::<Guest>("guest").party::<Desk>("desk");
    /// let ada = world.room::<Guest>("guest", "ada").connect("phone");
    /// world.set_call_faults(CallFaults::default().delay(1.0, Duration::from_secs(2)));
    /// ada.send("ring");
    /// assert_eq!(ada.try_receive(), None);
    /// // Two seconds at most for the call, and two for its answer.
    /// world.advance(Duration::from_secs(4));
    /// assert_eq!(ada.receive_text(), "1");
    /// ```
    pub fn delay(self, probability: f64, longest: Duration) -> Self {
        Self { delay: (probability, longest), ..self }
    }

    /// Has calls hang: their caller never gets an answer or an error. Half of them do not arrive either.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{CallFaults, TestWorld, example::{Desk, Guest}};
    /// # let world = TestWorld::new().party::<Guest>("guest").party::<Desk>("desk");
    /// let ada = world.room::<Guest>("guest", "ada").connect("phone");
    /// world.set_call_faults(CallFaults::default().hang(1.0));
    /// ada.send("ring");
    /// world.advance(std::time::Duration::from_secs(3_600));
    /// assert_eq!(ada.try_receive(), None);
    /// ```
    pub fn hang(self, probability: f64) -> Self {
        Self { hang: probability, ..self }
    }
}
