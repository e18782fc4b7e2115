//! The model of a valid party, and every mistake in one. All mistakes are reported at once.

use proc_macro2::Span;
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Attribute, Error, Expr, ExprLit, Generics, Ident, Item, ItemStruct, Lit, LitStr, Result};

use crate::parse::{AnyOption, Input, NOT_A_STRUCT, attribute_name};

/// Words that JavaScript does not take for a class's name.
const RESERVED: &[&str] = &[
    "arguments",
    "await",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "default",
    "delete",
    "do",
    "else",
    "enum",
    "eval",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "function",
    "if",
    "implements",
    "import",
    "in",
    "instanceof",
    "interface",
    "let",
    "new",
    "null",
    "package",
    "private",
    "protected",
    "public",
    "return",
    "static",
    "super",
    "switch",
    "this",
    "throw",
    "true",
    "try",
    "typeof",
    "var",
    "void",
    "while",
    "with",
    "yield",
];

/// Attributes that make a class of the struct themselves.
const RIVALS: &[&str] = &["wasm_bindgen", "durable_object", "event"];

/// A struct that becomes a Durable Object class.
pub(crate) struct Party {
    pub(crate) ident: Ident,
    /// The class's name in JavaScript.
    pub(crate) class: String,
}

impl Party {
    pub(crate) fn check(input: Input) -> Result<Self> {
        let mut mistakes = Mistakes::default();
        let class = mistakes.class_option(&input.options);
        let Item::Struct(item) = input.item else {
            mistakes.add(NamedSpan::of(&input.item), NOT_A_STRUCT);
            return mistakes.or(Self { ident: Ident::new("Party", Span::call_site()), class: String::new() });
        };
        mistakes.generics(&item);
        mistakes.attributes(&item.attrs);
        let class = class.unwrap_or_else(|| mistakes.class_of_ident(&item.ident));
        mistakes.or(Self { ident: item.ident, class })
    }
}

/// The mistakes found so far.
#[derive(Default)]
struct Mistakes(Option<Error>);

impl Mistakes {
    fn add(&mut self, span: Span, text: impl std::fmt::Display) {
        let error = Error::new(span, text);
        match &mut self.0 {
            Some(first) => first.combine(error),
            None => self.0 = Some(error),
        }
    }

    fn or(self, party: Party) -> Result<Party> {
        self.0.map_or(Ok(party), Err)
    }

    /// Returns the `class` option, if it was given rightly.
    fn class_option(&mut self, options: &[AnyOption]) -> Option<String> {
        let mut class = None;
        let mut given = false;
        for option in options {
            if option.name != "class" {
                self.add(
                    option.name.span(),
                    format!("unknown option `{}`, the only one is `class`", option.name),
                );
            } else if std::mem::replace(&mut given, true) {
                self.add(option.name.span(), "`class` is given twice");
            } else {
                class = self.class_value(option);
            }
        }
        class
    }

    fn class_value(&mut self, option: &AnyOption) -> Option<String> {
        match &option.value {
            None => self.add(option.name.span(), "`class` needs a value: `class = \"Name\"`"),
            Some(Expr::Lit(ExprLit { lit: Lit::Str(name), .. })) => return self.class_name(name),
            Some(other) => self.add(other.span(), "the value of `class` must be a string literal"),
        }
        None
    }

    fn class_name(&mut self, name: &LitStr) -> Option<String> {
        let text = name.value();
        match fault_of_class(&text) {
            None => return Some(text),
            Some(fault) => self.add(name.span(), fault),
        }
        None
    }

    fn class_of_ident(&mut self, ident: &Ident) -> String {
        let name = ident.to_string();
        let name = name.strip_prefix("r#").unwrap_or(&name).to_owned();
        if let Some(fault) = fault_of_class(&name) {
            self.add(
                ident.span(),
                format!("{fault}; give the class another name with `#[party(class = \"Name\")]`"),
            );
        }
        name
    }

    fn generics(&mut self, item: &ItemStruct) {
        let Generics { params, where_clause, .. } = &item.generics;
        for param in params {
            let what = match param {
                syn::GenericParam::Type(_) => "type parameters",
                syn::GenericParam::Lifetime(_) => "lifetimes",
                syn::GenericParam::Const(_) => "const parameters",
            };
            let text =
                format!("a party has no {what}: the platform makes its objects itself, from one class");
            self.add(param.span(), text);
        }
        if let (Some(clause), true) = (where_clause, params.is_empty()) {
            self.add(clause.where_token.span, "a party has no where clause");
        }
    }

    fn attributes(&mut self, attributes: &[Attribute]) {
        for attribute in attributes {
            let Some(name) = attribute_name(attribute) else { continue };
            if name == "party" {
                self.add(name.span(), "#[party] is given twice");
            } else if RIVALS.iter().any(|rival| name == rival) {
                self.add(
                    name.span(),
                    format!("#[party] makes the class itself, #[{name}] cannot be combined with it"),
                );
            }
        }
    }
}

/// Returns why JavaScript or the platform would refuse a class's name.
fn fault_of_class(name: &str) -> Option<String> {
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if name.is_empty() {
        Some("a class's name cannot be empty".to_owned())
    } else if !starts || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        Some(format!("`{name}` cannot name a class: letters, digits and `_` can, and no digit in front"))
    } else if RESERVED.contains(&name) {
        Some(format!("`{name}` cannot name a class: it is a reserved word in JavaScript"))
    } else {
        None
    }
}

/// The smallest token that tells what an item is.
struct NamedSpan;

impl NamedSpan {
    fn of(item: &Item) -> Span {
        match item {
            Item::Enum(item) => item.enum_token.span,
            Item::Fn(item) => item.sig.fn_token.span,
            Item::Impl(item) => item.impl_token.span,
            Item::Trait(item) => item.trait_token.span,
            Item::Union(item) => item.union_token.span,
            Item::Mod(item) => item.mod_token.span,
            Item::Type(item) => item.type_token.span,
            other => {
                other.to_token_stream().into_iter().next().map_or_else(Span::call_site, |token| token.span())
            }
        }
    }
}
