//! Two rooms that send each other coins while calls are lost, doubled, late or never answered, and while the rooms
//! lose their memory: no coin is lost, and none is doubled.

use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};
use party::testing::{CallFaults, TestRoom, TestWorld};
use party::{Call, Props, RemoteCall, Reply, Result, Room, Server};
use serde::{Deserialize, Serialize};

use crate::chance::{Chance, each_seed};

/// The coins that each bank begins with.
const COINS: u32 = 1_000;

/// How long a bank waits for the answer to a call.
const PATIENCE: Duration = Duration::from_secs(5);

/// The pause before it calls again.
const PAUSE: Duration = Duration::from_secs(3);

struct Bank;

#[derive(Serialize, Deserialize)]
enum Order {
    /// To send coins to another bank, some time.
    Send { to: String, coins: u32 },
    /// To take coins that another bank has sent. The id makes it happen once.
    Take { id: String, coins: u32 },
}

impl Call for Order {
    type Reply = ();
}

impl Server for Bank {
    async fn on_start(room: &Room, _props: Props) -> Result<Self> {
        room.sql().migrate(&[
            "CREATE TABLE coins (n INTEGER NOT NULL)",
            &format!("INSERT INTO coins VALUES ({COINS})"),
            "CREATE TABLE sent (id TEXT PRIMARY KEY, bank TEXT, coins INTEGER)",
            "CREATE TABLE taken (id TEXT PRIMARY KEY)",
        ])?;
        if !unsent(room)?.is_empty() {
            room.alarm().set_after(PAUSE)?;
        }
        Ok(Self)
    }

    async fn on_call(&self, room: &Room, call: RemoteCall) -> Result<Reply> {
        call.answer(async |order| match order {
            Order::Send { to, coins } => {
                let id = room.random_id();
                room.sql().transaction(|| {
                    room.sql().execute("UPDATE coins SET n = n - ?", (coins,))?;
                    room.sql().execute("INSERT INTO sent VALUES (?, ?, ?)", (id, to, coins))
                })?;
                room.alarm().set_after(PAUSE)
            }
            Order::Take { id, coins } => room.sql().transaction(|| {
                let new = room.sql().execute_counted("INSERT OR IGNORE INTO taken VALUES (?)", (id,))?;
                room.sql().execute("UPDATE coins SET n = n + ?", (u64::from(coins) * new,))
            }),
        })
        .await
    }

    async fn on_alarm(&self, room: &Room) -> Result<()> {
        for (id, bank, coins) in unsent(room)? {
            let order = Order::Take { id: id.clone(), coins };
            let stub = room.stub("bank", &bank)?;
            let (call, patience) = (pin!(stub.call(&order)), pin!(room.sleep(PATIENCE)));
            if let Either::Left((Ok(()), _)) = select(call, patience).await {
                room.sql().execute("DELETE FROM sent WHERE id = ?", (id,))?;
            }
        }
        match unsent(room)?.is_empty() {
            true => Ok(()),
            false => room.alarm().set_after(PAUSE),
        }
    }
}

/// Returns the coins whose arrival was not confirmed.
fn unsent(room: &Room) -> Result<Vec<(String, String, u32)>> {
    room.sql().query("SELECT id, bank, coins FROM sent ORDER BY rowid", ())
}

/// Returns the coins that a bank has, and those that it has sent without a confirmation.
fn coins(bank: &TestRoom<Bank>) -> (i64, i64) {
    bank.sql().query_one("SELECT n, (SELECT coalesce(sum(coins), 0) FROM sent) FROM coins", ()).unwrap()
}

/// Lets two banks send each other coins for a while, under all faults, and then heals the world.
fn run(seed: u64) {
    let world = TestWorld::with_seed(seed).party::<Bank>("bank");
    let faults = CallFaults::default().lose(0.15).lose_answers(0.15).double(0.15).hang(0.05);
    world.set_call_faults(faults.delay(0.3, Duration::from_secs(8)));
    let banks = ["a", "b"].map(|name| world.room::<Bank>("bank", name));
    let mut chance = Chance(seed);
    for _ in 0..40 {
        let from = usize::from(chance.below(2) == 0);
        let to = ["a", "b"][1 - from].to_owned();
        match chance.below(10) {
            0 => banks[from].evict(),
            1 => banks[from].crash(),
            2 | 3 => world.advance(Duration::from_millis(chance.below(20_000))),
            _ => {
                let coins = u32::try_from(1 + chance.below(20)).unwrap();
                banks[from].call(&Order::Send { to, coins }).unwrap();
                world.advance(Duration::from_millis(chance.below(3_000)));
            }
        }
    }
    world.set_call_faults(CallFaults::default());
    world.advance(Duration::from_secs(600));
    let [(a, unsent_a), (b, unsent_b)] = [coins(&banks[0]), coins(&banks[1])];
    assert_eq!((unsent_a, unsent_b), (0, 0), "all coins have arrived");
    assert_eq!(a + b, i64::from(2 * COINS), "no coin is lost and none is doubled");
    assert_eq!(world.errors(), Vec::<String>::new());
}

#[test]
fn coins_that_rooms_send_each_other_are_neither_lost_nor_doubled_under_any_faults() {
    each_seed(300, run);
}
