//! The Durable Object bindings of a worker, as namespaces of rooms.

use std::fmt;

use worker::Env;
use worker::js_sys::{Object, Promise, Reflect};
use worker::wasm_bindgen::prelude::wasm_bindgen;
use worker::wasm_bindgen::{JsCast, JsValue};

use crate::error::{Error, ErrorKind, Result};
use crate::name::PartyName;

#[wasm_bindgen(
    wasm_bindgen = ::worker::wasm_bindgen,
    js_sys = ::worker::js_sys,
    inline_js = r#"
/** A binding is a namespace by what it can do. A service binding has every method that it is asked for, `fetch` too. */
export function namespaceOf(env, binding) {
  const value = env[binding];
  const can = (method) => typeof value[method] === "function";
  if (typeof value === "object" && value !== null && can("idFromName") && can("get") && !can("fetch")) return value;
}
"#
)]
extern "C" {
    /// Returns the binding of this name, if it is one of Durable Objects.
    #[wasm_bindgen(catch, js_name = namespaceOf)]
    fn namespace_of(env: &JsValue, binding: &str) -> Result<Option<RawNamespace>, JsValue>;
}

#[wasm_bindgen(wasm_bindgen = ::worker::wasm_bindgen, js_sys = ::worker::js_sys)]
extern "C" {
    /// `DurableObjectNamespace`.
    #[derive(Clone)]
    type RawNamespace;

    #[wasm_bindgen(method, catch)]
    fn jurisdiction(this: &RawNamespace, jurisdiction: &str) -> Result<RawNamespace, JsValue>;

    #[wasm_bindgen(method, catch, js_name = getByName)]
    fn get_by_name(this: &RawNamespace, name: &str, options: &Object) -> Result<RawStub, JsValue>;

    #[wasm_bindgen(method, catch, js_name = idFromName)]
    fn id_from_name(this: &RawNamespace, name: &str) -> Result<RawId, JsValue>;

    /// `DurableObjectId`.
    type RawId;

    #[wasm_bindgen(method, catch, js_name = toString)]
    fn to_text(this: &RawId) -> Result<String, JsValue>;

    /// `DurableObjectStub`.
    #[derive(Clone)]
    pub(crate) type RawStub;

    #[wasm_bindgen(method, catch)]
    pub(crate) fn fetch(this: &RawStub, request: &worker::web_sys::Request) -> Result<Promise, JsValue>;
}

/// All rooms of one party: a Durable Object binding.
#[derive(Clone)]
pub struct Namespace(RawNamespace);

impl Namespace {
    /// Returns the namespace of a binding, such as `Chat`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`] when the worker has no Durable Object binding of this name.
    ///
    /// # Example
    ///
    /// ```no_run
    /// use party::{Namespace, ServerOptions, server_by_name};
    ///
    /// async fn wake(env: &worker::Env) -> party::Result<()> {
    ///     let games = Namespace::of_binding(env, "Game")?;
    ///     server_by_name(&games, "final", ServerOptions::new()).await.map(drop)
    /// }
    /// ```
    pub fn of_binding(env: &Env, binding: &str) -> Result<Self> {
        let missing =
            || Error::new(ErrorKind::Invalid, format!("there is no Durable Object binding {binding:?}"));
        bound(env, binding).ok_or_else(missing)
    }

    /// Returns the binding that serves a party, and its namespace.
    pub(crate) fn of_party(env: &Env, party: &str) -> Option<(String, Self)> {
        names(env).into_iter().find_map(|binding| {
            let named = PartyName::of_binding(&binding) == party;
            named.then(|| bound(env, &binding)).flatten().map(|namespace| (binding, namespace))
        })
    }

    /// Returns the party whose binding has the object of this name, jurisdiction and id.
    pub(crate) fn party_of_object(
        env: &Env,
        name: &str,
        jurisdiction: Option<&str>,
        id: &str,
    ) -> Option<PartyName> {
        let has = |namespace: &Self| {
            let inside = jurisdiction.map(|jurisdiction| namespace.0.jurisdiction(jurisdiction));
            let inside = inside.unwrap_or_else(|| Ok(namespace.0.clone()));
            inside
                .and_then(|namespace| namespace.id_from_name(name))
                .and_then(|own| own.to_text())
                .is_ok_and(|own| own == id)
        };
        let binding = names(env).into_iter().find(|binding| bound(env, binding).as_ref().is_some_and(has))?;
        Some(PartyName::of_binding(&binding))
    }

    /// Returns the parties that the worker serves.
    pub(crate) fn parties(env: &Env) -> Vec<String> {
        let objects = names(env).into_iter().filter(|binding| bound(env, binding).is_some());
        objects.map(|binding| PartyName::of_binding(&binding).to_string()).collect()
    }

    /// Returns a room's stub.
    pub(crate) fn stub(&self, room: &str, options: &StubOptions<'_>) -> Result<RawStub, JsValue> {
        let given = Object::new();
        let set = |object: &Object, name: &str, value: &JsValue| {
            Reflect::set(object, &JsValue::from_str(name), value).map(drop)
        };
        if let Some(hint) = options.location_hint {
            set(&given, "locationHint", &JsValue::from_str(hint))?;
        }
        if options.once {
            let retry = Object::new();
            set(&retry, "maxRetries", &JsValue::from_f64(0.0))?;
            set(&given, "retry", &retry)?;
        }
        match options.jurisdiction {
            Some(jurisdiction) => self.0.jurisdiction(jurisdiction)?.get_by_name(room, &given),
            None => self.0.get_by_name(room, &given),
        }
    }
}

/// How a stub finds its object.
pub(crate) struct StubOptions<'a> {
    pub(crate) location_hint: Option<&'a str>,
    pub(crate) jurisdiction: Option<&'a str>,
    /// The platform sends each request once, instead of again by itself when the object cannot be reached.
    pub(crate) once: bool,
}

impl fmt::Debug for Namespace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Namespace")
    }
}

fn names(env: &Env) -> Vec<String> {
    let env: &JsValue = env.unchecked_ref();
    Object::keys(env.unchecked_ref::<Object>()).iter().filter_map(|name| name.as_string()).collect()
}

fn bound(env: &Env, binding: &str) -> Option<Namespace> {
    namespace_of(env.unchecked_ref(), binding).ok()?.map(Namespace)
}
