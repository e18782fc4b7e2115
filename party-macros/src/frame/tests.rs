//! Valid inputs of the derive, and the names of frames.

use quote::quote;

use super::*;

#[test]
fn a_name_becomes_a_type_as_serde_writes_it() {
    assert_eq!(renamed("FireAt", "lowercase"), "fireat");
    assert_eq!(renamed("FireAt", "snake_case"), "fire_at");
    assert_eq!(renamed("FireAt", "camelCase"), "fireAt");
    assert_eq!(renamed("FireAt", "kebab-case"), "fire-at");
}

#[test]
fn fields_of_one_name_and_several_types_are_read_raw() {
    let input = quote! {
        enum Frame { A { data: u8, id: String }, B { data: Option<bool>, id: Option<String> } }
    };
    let frames = Frames::parse(syn::parse2(input).unwrap()).unwrap();
    let raw: Vec<_> =
        frames.all_fields().iter().map(|(field, raw)| (field.ident.to_string(), *raw)).collect();
    assert_eq!(raw, [("data".to_owned(), true), ("id".to_owned(), false)]);
}

#[test]
fn only_an_enum_with_named_fields_is_one_of_frames() {
    for (input, message) in [
        (
            quote!(
                struct Frame;
            ),
            "can be derived for an enum",
        ),
        (
            quote!(
                enum Frame {
                    A(u8),
                }
            ),
            "the fields of a frame have names",
        ),
        (
            quote!(
                #[serde(rename_all = "UPPERCASE")]
                enum Frame {
                    A,
                }
            ),
            "knows lowercase",
        ),
    ] {
        assert!(derive(input).to_string().contains(message), "{message}");
    }
}
