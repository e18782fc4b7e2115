//! A hall: a room of texts that gets relays early, and its members.

use std::collections::BTreeMap;
use std::time::Duration;

use party::channel::{Channel, Context, Effect, Relays, Rules, Settings, channel_hooks};
use party::parts::limits::{LimitsOptions, Rate};
use party::parts::wire::Json;
use party::testing::{TestClient, TestMember, TestResponse, TestRoom, TestWorld};
use party::{
    Call, ConnectionContext, Error, ErrorCode, Props, RemoteCall, Reply, Request, Response, Result, Room,
    Server,
};

/// Rules of a room of texts. Names that begin with `no` are refused; `closed` keeps all out whose name is not `vip`.
pub(crate) struct Talk {
    room: Room,
    relays: Relays,
    rate: Option<Rate>,
    /// For how many seconds the room lives without members.
    time_to_live: Option<u64>,
}

#[derive(Clone, serde::Deserialize, serde::Serialize)]
pub(crate) enum Command {
    /// Sets what is shared.
    Topic(String),
    /// Counts for the member.
    Count,
    /// Sends an event to all.
    Ring,
    /// Lets only some in.
    Close(bool),
}

impl Talk {
    /// Variables of the worker: `RATE` is the rate of the room, how many at once, and as often as once a second;
    /// `MEMBERS` is how many it takes; `TIME_TO_LIVE` is for how many seconds it lives without any.
    fn new(room: &Room, relays: Relays) -> Self {
        let number = |name: &str| room.secret(name).ok().map(|number| number.parse::<u32>().unwrap());
        let rate = number("RATE").map(|burst| Rate::new(burst, Duration::from_secs(1)));
        let relays = number("MEMBERS").map_or(relays, |members| relays.members(members as usize));
        let time_to_live = number("TIME_TO_LIVE").map(u64::from);
        Self { room: room.clone(), relays, rate, time_to_live }
    }

    fn get<T: serde::de::DeserializeOwned + Default>(&self, key: &str) -> Result<T> {
        Ok(self.room.storage().get(key)?.unwrap_or_default())
    }
}

impl Rules for Talk {
    type Draft = String;
    type Body = String;
    type Introduction = String;
    type Profile = String;
    type Command = Command;

    fn settings(&self) -> Settings {
        let plenty = Rate::new(1_000_000, Duration::from_nanos(1));
        let limits = LimitsOptions::default()
            .members(1_000_000)
            .per_member(plenty)
            .per_address(plenty)
            .connects_per_member(plenty)
            .connects_per_address(plenty);
        let limits = match self.rate {
            Some(rate) => limits.per_room(rate),
            None => limits,
        };
        let settings = Settings::default().relays(self.relays).limits(limits).operator_key("OPERATOR_KEY");
        match self.time_to_live {
            Some(seconds) => settings.time_to_live(Duration::from_secs(seconds)),
            None => settings,
        }
    }

    fn admit(&self, by: &Context<'_, Self>, context: &ConnectionContext) -> Result<()> {
        if !self.get::<bool>("closed")? {
            return by.let_everyone_in();
        }
        match context.invitation() {
            Some("vip") => Ok(()),
            _ => Err(Error::client(ErrorCode::FORBIDDEN, "only by invitation")),
        }
    }

    fn profile(&self, by: &Context<'_, Self>, name: Option<String>) -> Result<String> {
        match name {
            Some(name) if name.starts_with("no") => Err(Error::client(ErrorCode::INVALID, "not this name")),
            Some(name) => Ok(name),
            None => Ok(by.profile().cloned().unwrap_or_else(|| "guest".to_owned())),
        }
    }

    fn body(&self, by: &Context<'_, Self>, draft: String, _old: Option<String>) -> Result<String> {
        match draft.as_str() {
            "" => Err(Error::client(ErrorCode::INVALID, "nothing is written")),
            text => Ok(format!("{}: {text}", by.profile().map_or("?", String::as_str))),
        }
    }

    fn command(&self, by: &Context<'_, Self>, command: Command) -> Result<Effect<String>> {
        match command {
            Command::Topic(topic) => {
                self.room.storage().put("topic", &topic)?;
                by.update_shared();
            }
            Command::Count => {
                let key = format!("count.{}", by.member());
                self.room.storage().put(&key, &self.get::<u32>(&key)?.saturating_add(1))?;
                by.update_own();
            }
            Command::Ring => by.send_event(&"ring")?,
            Command::Close(closed) => {
                self.room.storage().put("closed", &closed)?;
                by.update_shared();
            }
        }
        Ok(Effect::None)
    }

    fn shared(&self, _room: &Room) -> Result<Option<Json>> {
        Json::of(&self.get::<String>("topic")?).map(Some)
    }

    fn own(&self, by: &Context<'_, Self>) -> Result<Option<Json>> {
        Json::of(&self.get::<u32>(&format!("count.{}", by.member()))?).map(Some)
    }

    fn query(&self, _by: &Context<'_, Self>, query: Json) -> Result<Json> {
        Ok(query)
    }
}

/// What the app does by itself.
#[derive(serde::Deserialize, serde::Serialize)]
pub(crate) enum Work {
    /// Clears the history.
    Clear,
    /// Sends an event to all.
    Ring,
}

impl Call for Work {
    type Reply = ();
}

pub(crate) struct Hall {
    channel: Channel<Talk>,
}

impl Server for Hall {
    async fn on_start(room: &Room, _props: Props) -> Result<Self> {
        Ok(Self { channel: Channel::open(room, Talk::new(room, Relays::default().above(4).connections(4)))? })
    }

    channel_hooks!(channel);

    async fn on_call(&self, _room: &Room, call: RemoteCall) -> Result<Reply> {
        call.answer(async |work: Work| match work {
            Work::Clear => self.channel.clear(),
            Work::Ring => self.channel.send_event(&"ring"),
        })
        .await
    }

    async fn on_request(&self, _room: &Room, request: Request) -> Result<Response> {
        self.channel.request(request).await
    }
}

/// A hall with relays as large as by default.
pub(crate) struct Crowd {
    channel: Channel<Talk>,
}

impl Server for Crowd {
    async fn on_start(room: &Room, _props: Props) -> Result<Self> {
        Ok(Self { channel: Channel::open(room, Talk::new(room, Relays::default()))? })
    }

    channel_hooks!(channel);
}

/// A room in a world, and its members.
pub(crate) struct Gathering {
    pub(crate) world: TestWorld,
    pub(crate) hub: TestRoom<Hall>,
    pub(crate) members: Vec<TestMember<Talk>>,
}

impl Gathering {
    /// Has a number of members join.
    pub(crate) fn of(members: usize) -> Self {
        let mut gathering = Self::with_seed(0);
        (0..members).for_each(|_| gathering.one_joins());
        gathering.settle();
        gathering
    }

    /// A room without members.
    pub(crate) fn with_seed(seed: u64) -> Self {
        let world = TestWorld::with_seed(seed).party::<Hall>("hall");
        let hub = world.room::<Hall>("hall", "lobby");
        Self { world, hub, members: Vec::new() }
    }

    /// Has one more member join, if the room can be reached.
    pub(crate) fn one_joins(&mut self) {
        let number = self.members.len();
        let mut member = TestMember::new(&format!("c{number}")).introduced(&format!("n{number}"));
        if let Some(socket) = connect(&member, &self.hub) {
            member.adopt(socket);
        }
        self.members.push(member);
        self.reconnect();
    }

    /// Lets time pass until everything has arrived, and brings back those whose connection has closed.
    pub(crate) fn settle(&mut self) {
        for _ in 0..15 {
            self.world.advance(Duration::from_millis(1_500));
            self.reconnect();
        }
        for member in self.members.iter().filter(|member| member.is_connected()) {
            member.socket().send("ping");
        }
    }

    /// Brings back those whose connection has closed.
    pub(crate) fn reconnect(&mut self) {
        for member in &mut self.members {
            member.read();
            if !member.is_connected()
                && let Some(socket) = connect(member, &self.hub)
            {
                member.adopt(socket);
            }
        }
    }

    /// Brings back those whose connection has closed, however long the room takes to answer.
    pub(crate) fn reconnect_with_patience(&mut self) {
        for member in &mut self.members {
            member.read();
            if member.is_connected() {
                continue;
            }
            let pending = member.connecting(&self.hub).begin();
            while !pending.is_answered() {
                self.world.advance(Duration::from_millis(50));
            }
            if let Some(socket) = pending.finish().ok().filter(TestClient::is_open) {
                member.adopt(socket);
            }
        }
    }

    /// Has one more member join, however long the room takes to answer.
    pub(crate) fn one_arrives(&mut self) {
        let number = self.members.len();
        self.members.push(TestMember::new(&format!("c{number}")).introduced(&format!("n{number}")));
        self.reconnect_with_patience();
    }

    /// Has an operator send a request to the room.
    pub(crate) fn operate(&self, method: &str, path: &str) -> TestResponse {
        const KEY: &str = "the key of the operator";
        self.hub.set_secret("OPERATOR_KEY", KEY);
        let request = http::Request::builder().method(method).uri(format!("https://example.com/{path}"));
        let request = request.header("authorization", format!("Bearer {KEY}"));
        self.hub.request(request.body(()).unwrap())
    }

    /// Returns the number of relays that the hub has.
    pub(crate) fn kept_relays(&self) -> u64 {
        self.hub.sql().query_one::<(u64,)>("SELECT relays FROM party_relays", ()).unwrap().0
    }

    pub(crate) fn relay(&self, number: u64) -> TestRoom<Hall> {
        self.world.room("hall", &format!("lobby/~relay/{number}"))
    }

    /// Returns the numbers of the relays that have connections.
    pub(crate) fn relays(&self) -> Vec<u64> {
        (0..30).filter(|number| self.relay(*number).connections() > 0).collect()
    }

    /// Returns one of the first relays.
    pub(crate) fn some_relay(&self, number: u64) -> TestRoom<Hall> {
        self.relay(number)
    }

    /// Deploys another build to all objects.
    pub(crate) fn deploy(&mut self) {
        for name in self.world.names("hall") {
            drop(self.world.room::<Hall>("hall", &name).deploy::<Hall>());
        }
        self.hub = self.world.room("hall", "lobby");
    }

    /// Returns the items of the room's log.
    pub(crate) fn entries(&self) -> BTreeMap<u64, String> {
        let rows: Vec<(u64, String, Option<String>)> =
            self.hub.sql().query("SELECT seq, id, body FROM party_log", ()).unwrap();
        let text = |body: Option<String>| body.map(|body| serde_json::from_str::<String>(&body).unwrap());
        rows.into_iter().map(|(seq, id, body)| (seq, format!("{id} {:?}", text(body)))).collect()
    }

    /// Checks that each member has these texts.
    pub(crate) fn expect(&mut self, texts: &[&str]) {
        for member in &mut self.members {
            assert_eq!(member.bodies(), texts, "{}", member.id);
        }
    }
}

/// Connects a member if the room answers and lets it in.
fn connect(member: &TestMember<Talk>, room: &TestRoom<Hall>) -> Option<TestClient> {
    let pending = member.connecting(room).begin();
    if pending.is_answered() { pending.finish().ok().filter(TestClient::is_open) } else { None }
}
