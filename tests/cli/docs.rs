//! The generated pages are those of this program.

use crate::sandbox::{Sandbox, own};
use std::fs;

#[test]
fn the_pages_under_docs_are_what_the_program_generates() {
    let sandbox = Sandbox::empty();
    let folder = sandbox.path("docs");
    fs::create_dir(&folder).unwrap();
    let written = sandbox.run(["docs", &folder]).ok();
    let mut names: Vec<&str> = written.out.lines().map(|path| path.rsplit('/').next().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names, ["COMMANDS.md", "KEYS.en.md", "KEYS.md"]);
    for name in names {
        let generated = fs::read_to_string(format!("{folder}/{name}")).unwrap();
        let kept = fs::read_to_string(own("docs").join(name)).unwrap_or_default();
        assert!(generated == kept, "docs/{name} is stale: cargo run -- docs docs");
    }
}

#[test]
fn every_command_of_the_schema_stands_on_its_page() {
    let sandbox = Sandbox::empty();
    let page = fs::read_to_string(own("docs/COMMANDS.md")).unwrap();
    let schema = sandbox.run(["exec", "--schema"]).ok().json();
    assert_eq!(
        schema["properties"].as_object().unwrap().keys().collect::<Vec<_>>(),
        ["as", "at", "command", "op"]
    );
    let forms = schema["$defs"]["Command"]["oneOf"].as_array().unwrap();
    let names: Vec<&str> = forms.iter().map(|form| form["required"][0].as_str().unwrap()).collect();
    // The promised ones.
    for name in [
        "register",
        "cancel_registration",
        "opt_out",
        "claim",
        "record_call",
        "hand_over",
        "acknowledge",
        "triage",
        "add_doctor",
        "add_shift",
        "book",
        "move_appointment",
        "cancel_appointment",
        "tell_customer",
        "record_result",
        "record_survey",
    ] {
        assert!(names.contains(&name), "{name}: {names:?}");
    }
    for name in names {
        assert!(page.contains(&format!("- `{name}`\n")), "{name}");
    }
}

#[test]
fn completions_and_the_manual_name_every_command() {
    let sandbox = Sandbox::empty();
    let commands =
        ["init", "import", "staff", "exec", "query", "handover", "report", "check", "audit", "backup"];
    for shell in ["bash", "zsh", "fish"] {
        let script = sandbox.run(["completions", shell]).ok().out;
        assert!(commands.iter().all(|command| script.contains(command)), "{shell}");
    }
    let manual = sandbox.run(["man", "--lang", "en"]).ok().out;
    assert!(manual.starts_with(".ie") || manual.contains(".TH tongdai"), "{manual:.200}");
    assert!(commands.iter().all(|command| manual.contains(command)));
}

#[test]
fn lessons_for_a_role_that_nobody_has_are_refused_with_the_roles() {
    let sandbox = Sandbox::empty();
    let refused = sandbox.run(["tutor", "--role", "nonsense"]).fails(2);
    for role in ["agent", "fanpage_admin", "supervisor", "intake", "doctor", "vinmec_lead", "auditor"] {
        assert!(refused.err.contains(role), "{role}: {}", refused.err);
    }
    assert!(!refused.err.contains("operator") && refused.err.contains("nonsense"), "{}", refused.err);
    let help = sandbox.run(["tutor", "--help"]).ok().out;
    assert!(help.contains("--role") && help.contains("vinmec_lead"), "{help}");
    // Without a terminal nothing is opened and nothing is built.
    sandbox.run(["tutor"]).fails(2);
}
