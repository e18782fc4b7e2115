//! The Durable Object bindings of a worker, as namespaces of rooms.

use std::fmt;

use worker::Env;
use worker::js_sys::{Object, Promise, Reflect};
use worker::wasm_bindgen::prelude::wasm_bindgen;
use worker::wasm_bindgen::{JsCast, JsValue};

use crate::error::{Error, ErrorKind, Result};
use crate::name::PartyName;

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
    /// The namespace of a binding, such as `Chat`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`] when the worker has no Durable Object binding of this name.
    pub fn of_binding(env: &Env, binding: &str) -> Result<Self> {
        let missing =
            || Error::new(ErrorKind::Invalid, format!("there is no Durable Object binding {binding:?}"));
        bound(env, binding).ok_or_else(missing)
    }

    /// The binding that serves a party, and its namespace.
    pub(crate) fn of_party(env: &Env, party: &str) -> Option<(String, Self)> {
        names(env).into_iter().find_map(|binding| {
            let named = PartyName::of_binding(&binding) == party;
            named.then(|| bound(env, &binding)).flatten().map(|namespace| (binding, namespace))
        })
    }

    /// The party whose binding has the object of this name and id.
    pub(crate) fn party_of_object(env: &Env, name: &str, id: &str) -> Option<PartyName> {
        let has = |namespace: &Self| {
            namespace.0.id_from_name(name).and_then(|own| own.to_text()).is_ok_and(|own| own == id)
        };
        let binding = names(env).into_iter().find(|binding| bound(env, binding).as_ref().is_some_and(has))?;
        Some(PartyName::of_binding(&binding))
    }

    /// The parties that the worker serves.
    pub(crate) fn parties(env: &Env) -> Vec<String> {
        let objects = names(env).into_iter().filter(|binding| bound(env, binding).is_some());
        objects.map(|binding| PartyName::of_binding(&binding).to_string()).collect()
    }

    /// A room's stub.
    pub(crate) fn stub(
        &self,
        room: &str,
        hint: Option<&str>,
        jurisdiction: Option<&str>,
    ) -> Result<RawStub, JsValue> {
        let options = Object::new();
        if let Some(hint) = hint {
            Reflect::set(&options, &JsValue::from_str("locationHint"), &JsValue::from_str(hint))?;
        }
        match jurisdiction {
            Some(jurisdiction) => self.0.jurisdiction(jurisdiction)?.get_by_name(room, &options),
            None => self.0.get_by_name(room, &options),
        }
    }
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

/// The binding of this name, if it is one of Durable Objects.
fn bound(env: &Env, binding: &str) -> Option<Namespace> {
    let value = Reflect::get(env.unchecked_ref(), &JsValue::from_str(binding)).ok()?;
    let constructor = Reflect::get(&value, &JsValue::from_str("constructor")).ok()?;
    let class = Reflect::get(&constructor, &JsValue::from_str("name")).ok()?;
    (class.as_string()? == "DurableObjectNamespace").then(|| Namespace(value.unchecked_into()))
}
