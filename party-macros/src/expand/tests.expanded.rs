//! What `#[party(class = "ChatRoom")]` makes of a struct. Not compiled: `tests.rs` compares it.

/// Where people talk.
#[derive(Debug)]
pub struct Chat {
    heard: Cell<u64>,
}
const _: () = {
    use ::party::__private::wasm_bindgen::{self, prelude::wasm_bindgen};
    #[wasm_bindgen(
        wasm_bindgen = ::party::__private::wasm_bindgen,
        js_name = "ChatRoom"
    )]
    #[doc(hidden)]
    #[derive(::core::fmt::Debug)]
    pub struct ChatClass(::party::__private::Object);
    #[wasm_bindgen(
        wasm_bindgen = ::party::__private::wasm_bindgen,
        wasm_bindgen_futures = ::party::__private::wasm_bindgen_futures,
        js_sys = ::party::__private::js_sys,
        js_class = "ChatRoom"
    )]
    #[doc(hidden)]
    #[automatically_derived]
    impl ChatClass {
        #[wasm_bindgen(constructor)]
        pub fn new(
            state: ::party::__private::JsValue,
            env: ::party::__private::JsValue,
        ) -> Self {
            Self(::party::__private::Object::new::<Chat>(state, env))
        }
        pub fn fetch(
            &self,
            request: ::party::__private::JsValue,
        ) -> ::party::__private::JsValue {
            self.0.fetch(request)
        }
        pub fn alarm(
            &self,
            info: ::party::__private::JsValue,
        ) -> ::party::__private::JsValue {
            self.0.alarm(info)
        }
        #[wasm_bindgen(js_name = webSocketMessage)]
        pub fn web_socket_message(
            &self,
            socket: ::party::__private::JsValue,
            message: ::party::__private::JsValue,
        ) -> ::party::__private::JsValue {
            self.0.message(socket, message)
        }
        #[wasm_bindgen(js_name = webSocketClose)]
        pub fn web_socket_close(
            &self,
            socket: ::party::__private::JsValue,
            code: u16,
            reason: ::std::string::String,
            was_clean: bool,
        ) -> ::party::__private::JsValue {
            self.0.close(socket, code, reason, was_clean)
        }
        #[wasm_bindgen(js_name = webSocketError)]
        pub fn web_socket_error(
            &self,
            socket: ::party::__private::JsValue,
            error: ::party::__private::JsValue,
        ) -> ::party::__private::JsValue {
            self.0.error(socket, error)
        }
    }
};
