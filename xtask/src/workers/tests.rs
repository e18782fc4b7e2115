//! Which workers there are, and where their parts lie.

use super::Worker;
use crate::project;

#[test]
fn every_worker_is_a_crate_of_its_own_name() {
    for worker in Worker::all() {
        let manifest = project::path(worker.folder()).join("Cargo.toml");
        let text = std::fs::read_to_string(&manifest).unwrap();
        assert!(text.contains(&format!("name = \"{}\"", worker.name())), "{}", manifest.display());
    }
}

#[test]
fn the_app_is_built_into_the_root_and_an_example_into_its_own_folder() {
    let (app, example) = (Worker::app(), Worker::at("examples/a".to_owned()));
    assert_eq!((app.output(), app.bundles()), ("build".to_owned(), "public/dist".to_owned()));
    assert_eq!(example.output(), "examples/a/build");
    assert_eq!(example.bundles(), "examples/a/public/dist");
    assert_eq!(app.entry().as_deref(), Some("chat/client/main.tsx"));
    assert_eq!(app.later().as_deref(), Some("chat/client/lazy-bundle.ts"));
    assert_eq!(app.style().as_deref(), Some("chat/client/style.css"));
    assert_eq!((app.languages(), example.languages()), (vec!["de".to_owned(), "en".to_owned()], vec![]));
    assert_eq!((app.on_demand(), example.on_demand()), (vec!["qr-code".to_owned()], vec![]));
    assert_eq!((example.entry(), example.later(), example.style()), (None, None, None));
}

#[test]
fn an_unknown_example_is_refused() {
    let message = Worker::example("chat").unwrap_err().to_string();
    assert!(message.contains("`chat` is not an example"), "{message}");
}
