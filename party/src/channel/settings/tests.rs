//! Settings keep what they are given, and everything else as it is.

use super::*;

#[test]
fn each_setting_keeps_its_value_when_others_follow() {
    let seconds = Duration::from_secs;
    let settings = Settings::default()
        .heartbeat("hello?", "here")
        .silence(seconds(1))
        .sweep_every(seconds(2))
        .grace(seconds(3))
        .roster_up_to(4)
        .batch_window(seconds(5));
    assert_eq!(settings.ping, ("hello?".to_owned(), "here".to_owned()));
    let times = [settings.silence, settings.sweep, settings.grace, settings.window];
    assert_eq!(times, [1, 2, 3, 5].map(seconds));
    assert_eq!(settings.roster_up_to, 4);
}
