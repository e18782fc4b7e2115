//! The start gate under every order of events: together, after a failure, and with the starter gone half-way.

use std::cell::Cell;
use std::pin::pin;
use std::task::{Context, Waker};

use futures_executor::LocalPool;
use futures_util::future::{join_all, join3};

use super::*;
use crate::error::Error;
use crate::gate::Gate;

#[test]
fn the_room_starts_once_for_events_that_come_together() {
    let startup = Startup::new();
    let starts = Cell::new(0);
    let gate = Gate::default();
    let event = || {
        startup.started(|| async {
            starts.set(starts.get() + 1);
            gate.passed().await;
            Ok("room")
        })
    };
    let (a, b, ()) = LocalPool::new().run_until(join3(event(), event(), async { gate.open() }));
    assert_eq!((*a.unwrap(), *b.unwrap(), starts.get()), ("room", "room", 1));
}

#[test]
fn a_failed_start_fails_those_who_waited_and_the_next_event_tries_again() {
    let startup = Startup::new();
    let starts = Cell::new(0);
    let gate = Gate::default();
    let event = || {
        startup.started(|| async {
            starts.set(starts.get() + 1);
            gate.passed().await;
            if starts.get() == 1 { Err(Error::other("not yet")) } else { Ok("room") }
        })
    };
    let mut pool = LocalPool::new();
    let (a, b, ()) = pool.run_until(join3(event(), event(), async { gate.open() }));
    assert_eq!(a.unwrap_err().to_string(), "not yet");
    assert_eq!(b.unwrap_err().to_string(), "not yet");
    assert_eq!(starts.get(), 1);
    assert_eq!(*pool.run_until(event()).unwrap(), "room");
    assert_eq!(starts.get(), 2);
}

#[test]
fn events_go_on_in_the_order_they_came() {
    let startup = Startup::new();
    let gate = Gate::default();
    let order = RefCell::new(Vec::new());
    let event = |n: u32| {
        let (startup, gate, order) = (&startup, &gate, &order);
        async move {
            let start = || async {
                gate.passed().await;
                Ok(())
            };
            startup.started(start).await.unwrap();
            order.borrow_mut().push(n);
        }
    };
    let all = async {
        gate.open();
    };
    LocalPool::new().run_until(async {
        futures_util::future::join(join_all((0..20).map(event)), all).await;
    });
    assert_eq!(*order.borrow(), (0..20).collect::<Vec<_>>());
}

#[test]
fn when_the_starter_is_dropped_half_way_another_event_starts_the_room() {
    let startup = Startup::<&str>::new();
    let mut context = Context::from_waker(Waker::noop());
    {
        let mut first = pin!(startup.started(std::future::pending));
        assert!(first.as_mut().poll(&mut context).is_pending());
    }
    let second = LocalPool::new().run_until(startup.started(|| async { Ok("room") }));
    assert_eq!(*second.unwrap(), "room");
}
