//! The contestants.

/// A worker that has rooms.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Contestant {
    /// Our chat, as it is deployed.
    Chat,
    /// A chat room of the original wire in TypeScript, `bench/peer`.
    Peer,
    /// The same room in Rust on the `worker` crate alone, `bench/by-hand`.
    ByHand,
    /// A bare Durable Object with one insert for each message, `bench/floor`.
    Insert,
    /// The same with 10,000 messages, and a page of them for who comes in.
    Page,
    /// The same with a row for who leaves.
    Grace,
    /// A bare Durable Object that stores nothing, `bench/floor`.
    Echo,
    /// Our room with a document, `bench/document`.
    Document,
    /// The same on npm's `y-partyserver`, `bench/document-peer`.
    DocumentPeer,
}

/// A file of a worker.
#[derive(Debug)]
pub(crate) struct Module {
    /// Its name to other modules.
    pub(crate) name: &'static str,
    /// Where it is, from the root of the checkout.
    pub(crate) path: &'static str,
}

/// A worker: its modules, the first of which is its entry, its classes under the names of their bindings, and its
/// variables.
#[derive(Debug)]
pub(crate) struct Worker {
    /// The name of its folders.
    pub(crate) name: &'static str,
    pub(crate) modules: &'static [Module],
    pub(crate) classes: &'static [(&'static str, &'static str)],
    pub(crate) variables: &'static [(&'static str, &'static str)],
}

/// The compiled chat, which is served by itself and behind the meter.
const CHAT: Module = Module { name: "index.js", path: "build/index.js" };
const CHAT_WASM: Module = Module { name: "index_bg.wasm", path: "build/index_bg.wasm" };

impl Contestant {
    /// Returns its name in the report.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Peer => "TypeScript peer",
            Self::ByHand => "Rust by hand",
            Self::Insert => "bare object, insert",
            Self::Page => "bare object, a page",
            Self::Grace => "bare object, a page and a row",
            Self::Echo => "bare object",
            Self::Document => "document",
            Self::DocumentPeer => "y-partyserver",
        }
    }

    /// Returns the part of the address that stands for its rooms.
    pub(crate) fn party(self) -> &'static str {
        match self {
            Self::Chat | Self::Peer | Self::ByHand => "chat",
            Self::Insert => "insert",
            Self::Page => "page",
            Self::Grace => "grace",
            Self::Echo => "echo",
            Self::Document | Self::DocumentPeer => "notes",
        }
    }

    /// Returns its worker behind the meter, `bench/meter`, which has the same rooms.
    pub(crate) fn metered(self) -> Worker {
        const METER: Module = Module { name: "index.js", path: "target/bench/meter/index.js" };
        let Worker { name, classes, .. } = self.worker();
        let modules: &[Module] = match self {
            Self::Chat => &[METER, Module { name: "room.js", ..CHAT }, CHAT_WASM],
            _ => &[METER, Module { name: "room.js", path: "target/bench/peer/index.js" }],
        };
        Worker { name, modules, classes, variables: &[] }
    }

    /// Returns the worker that serves it.
    pub(crate) fn worker(self) -> Worker {
        match self {
            Self::Chat => Worker {
                name: "chat",
                modules: &[CHAT, CHAT_WASM],
                classes: &[("Chat", "Chat")],
                variables: &[],
            },
            Self::Peer => Worker {
                name: "peer",
                modules: &[Module { name: "index.js", path: "target/bench/peer/index.js" }],
                classes: &[("Chat", "Chat")],
                variables: &[],
            },
            Self::ByHand => Worker {
                name: "by-hand",
                modules: &[
                    Module { path: "bench/by-hand/build/index.js", ..CHAT },
                    Module { path: "bench/by-hand/build/index_bg.wasm", ..CHAT_WASM },
                ],
                classes: &[("Chat", "Chat")],
                variables: &[],
            },
            Self::Document => Worker {
                name: "document",
                modules: &[
                    Module { path: "bench/document/build/index.js", ..CHAT },
                    Module { path: "bench/document/build/index_bg.wasm", ..CHAT_WASM },
                ],
                classes: &[("Notes", "Notes")],
                variables: &[],
            },
            Self::DocumentPeer => Worker {
                name: "document-peer",
                modules: &[Module { name: "index.js", path: "target/bench/document-peer/index.js" }],
                classes: &[("Notes", "Notes")],
                variables: &[],
            },
            Self::Insert | Self::Page | Self::Grace | Self::Echo => Worker {
                // Each has a disk of its own, though both are in one worker.
                name: self.party(),
                modules: &[Module { name: "index.js", path: "target/bench/floor/index.js" }],
                classes: &[("echo", "Echo"), ("insert", "Insert"), ("page", "Page"), ("grace", "Grace")],
                variables: &[],
            },
        }
    }
}

impl Worker {
    /// Returns the configuration by which workerd serves it on a port, with its modules beside it and its rooms on a
    /// disk.
    pub(crate) fn configuration(&self, port: u16, disk: &str) -> String {
        let modules = self.modules.iter().map(|Module { name, .. }| {
            let kind = if name.ends_with(".wasm") { "wasm" } else { "esModule" };
            format!("(name = \"{name}\", {kind} = embed \"{name}\")")
        });
        let modules: Vec<_> = modules.collect();
        let namespaces = self.classes.iter().map(|(_, class)| {
            format!("(className = \"{class}\", uniqueKey = \"{class}\", enableSql = true)")
        });
        let bindings = self
            .classes
            .iter()
            .map(|(name, class)| format!("(name = \"{name}\", durableObjectNamespace = \"{class}\")"));
        let variables =
            self.variables.iter().map(|(name, value)| format!("(name = \"{name}\", text = \"{value}\")"));
        let (namespaces, bindings): (Vec<_>, Vec<_>) =
            (namespaces.collect(), bindings.chain(variables).collect());
        format!(
            r#"using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker), (name = "disk", disk = (path = "{disk}", writable = true))],
  sockets = [(name = "http", address = "127.0.0.1:{port}", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [{}],
  compatibilityDate = "2026-11-01",
  durableObjectNamespaces = [{}],
  durableObjectStorage = (localDisk = "disk"),
  bindings = [{}],
);
"#,
            modules.join(", "),
            namespaces.join(", "),
            bindings.join(", ")
        )
    }
}
