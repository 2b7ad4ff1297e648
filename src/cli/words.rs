//! Translates the help: every text of the command line is in `locales/cli.yml` under the path of its command and the
//! name of its argument, and is put into clap's tree here.

use super::args::Cli;
use super::fail::Failure;
use crate::domain::lang::Lang;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, CommandFactory};
use rust_i18n::t;

/// The command tree with its texts.
pub fn command(lang: Lang) -> Command {
    dress(Cli::command(), "cli", lang)
        .disable_version_flag(true)
        .arg(
            clap::Arg::new("version")
                .long("version")
                .short('V')
                .action(clap::ArgAction::Version)
                .help(say("cli.arg.version", lang))
                .help_heading(say("cli.heading.options", lang)),
        )
        .after_help(say("cli.after", lang))
}

fn say(key: &str, lang: Lang) -> String {
    t!(key, locale = lang.code()).into_owned()
}

fn dress(command: Command, path: &str, lang: Lang) -> Command {
    let about = say(&format!("{path}.about"), lang);
    let template =
        format!("{{about}}\n\n{} {{usage}}\n\n{{all-args}}{{after-help}}", say("cli.heading.usage", lang));
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    let mut command = command
        .about(about)
        .help_template(template)
        .subcommand_help_heading(say("cli.heading.commands", lang))
        .disable_help_flag(true)
        .arg(
            clap::Arg::new("help")
                .long("help")
                .short('h')
                .action(clap::ArgAction::Help)
                .help(say("cli.arg.help", lang))
                .help_heading(say("cli.heading.options", lang)),
        )
        .mut_args(|arg| {
            let key = format!("cli.arg.{}", arg.get_id());
            let heading = if arg.is_positional() { "cli.heading.arguments" } else { "cli.heading.options" };
            let own = format!("{path}.arg.{}", arg.get_id());
            let text = Some(say(&own, lang)).filter(|text| *text != own).unwrap_or_else(|| say(&key, lang));
            arg.help(text).help_heading(say(heading, lang))
        });
    for name in names {
        let below = format!("{path}.{}", name.replace('-', "_"));
        command = command.mut_subcommand(&name, |sub| dress(sub, &below, lang));
    }
    command
}

/// A usage error of the parser as one sentence with a hint.
pub fn usage(error: &clap::Error, lang: Lang) -> Failure {
    let context = |kind: ContextKind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let (kind, what) = match error.kind() {
        ErrorKind::UnknownArgument => ("unknown_argument", context(ContextKind::InvalidArg)),
        ErrorKind::InvalidSubcommand => ("unknown_command", context(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingRequiredArgument => ("missing_argument", context(ContextKind::InvalidArg)),
        ErrorKind::MissingSubcommand => ("missing_command", context(ContextKind::ValidSubcommand)),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let value =
                format!("{} {}", context(ContextKind::InvalidArg), context(ContextKind::InvalidValue));
            let value = value.trim().to_owned();
            let choices = context(ContextKind::ValidValue);
            ("bad_value", if choices.is_empty() { value } else { format!("{value} ({choices})") })
        }
        _ => ("bad_usage", error.kind().as_str().unwrap_or_default().to_owned()),
    };
    Failure::usage(kind, &what, lang)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(command: &Command, path: &str, found: &mut Vec<String>) {
        found.push(format!("{path}: {}", command.get_about().map(ToString::to_string).unwrap_or_default()));
        for arg in command.get_arguments() {
            found.push(format!(
                "{path} {}: {}",
                arg.get_id(),
                arg.get_help().map(ToString::to_string).unwrap_or_default()
            ));
        }
        for sub in command.get_subcommands() {
            texts(sub, &format!("{path} {}", sub.get_name()), found);
        }
    }

    #[test]
    fn every_command_and_argument_has_its_text_in_both_languages() {
        for lang in [Lang::Vi, Lang::En] {
            let mut found = Vec::new();
            texts(&command(lang), "tongdai", &mut found);
            let missing: Vec<_> =
                found.iter().filter(|line| line.contains(": cli.") || line.ends_with(": ")).collect();
            assert!(missing.is_empty(), "{lang:?}: {missing:#?}");
        }
    }

    #[test]
    fn the_command_tree_is_sound() {
        command(Lang::Vi).debug_assert();
    }
}
