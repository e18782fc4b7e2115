//! Programs under a limit.

use super::{descend, pair};

#[test]
fn a_tree_is_read_from_a_table_of_processes() {
    let pairs: Vec<_> = "  1 0\n 10 1\n 11 10\n 12 10\n 13 12\n 20 1\n".lines().filter_map(pair).collect();
    assert_eq!(descend(10, &pairs), [10, 11, 12, 13]);
}

#[cfg(unix)]
mod with_a_shell {
    //! Real programs, on systems that have `sh`.

    use crate::watched::run;
    use std::process::Command;
    use std::time::{Duration, Instant};

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn both_outputs_are_kept() {
        let watched = run(&mut shell("echo out; echo err >&2"), Duration::from_secs(30), false).unwrap();
        assert!(watched.succeeded);
        assert!(watched.text.contains("out\n") && watched.text.contains("err\n"));
    }

    #[test]
    fn a_program_that_hangs_is_killed_with_its_children() {
        let started = Instant::now();
        let watched = run(&mut shell("sleep 600 & wait"), Duration::from_millis(200), false).unwrap();
        assert!(!watched.succeeded);
        assert!(watched.text.contains("killed"));
        assert!(started.elapsed() < Duration::from_secs(20));
    }
}
