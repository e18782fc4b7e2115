//! The shape of the expansion: what stands in `tests.expanded.rs`, after its first line.

use quote::quote;

/// Returns the expansion of a party, formatted.
fn expanded(options: proc_macro2::TokenStream, item: proc_macro2::TokenStream) -> String {
    prettyplease::unparse(&syn::parse2(crate::party_tokens(options, item)).unwrap())
}

#[test]
fn a_struct_stays_as_it_is_and_gets_a_class_that_forwards_events() {
    let snapshot = include_str!("tests.expanded.rs");
    let (_, shape) = snapshot.split_once("\n\n").unwrap();
    let item = quote! {
        /// Where people talk.
        #[derive(Debug)]
        pub struct Chat {
            heard: Cell<u64>,
        }
    };
    let expanded = expanded(quote!(class = "ChatRoom"), item);
    assert_eq!(expanded, shape, "it is now:\n{expanded}");
}

#[test]
fn the_class_has_the_structs_name_unless_it_is_given_another() {
    let expanded = expanded(quote!(), "struct r#Chat;".parse().unwrap());
    assert!(expanded.contains(r#"js_name = "Chat""#), "{expanded}");
    assert!(expanded.contains(r#"js_class = "Chat""#), "{expanded}");
}

#[test]
fn an_item_that_is_not_a_struct_is_kept_beside_the_error() {
    let expanded = expanded(quote!(), "fn chat() {}".parse().unwrap());
    assert!(expanded.starts_with("fn chat() {}"), "{expanded}");
    assert!(expanded.contains("#[party] belongs on a struct"), "{expanded}");
    assert!(!expanded.contains("wasm_bindgen"), "{expanded}");
}
