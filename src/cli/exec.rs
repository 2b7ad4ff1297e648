//! Runs `tongdai exec`: one command a line in, one result a line out, in order. Lines go to the writer before earlier
//! results are back, so that the group commit can gather them; a result is printed only after it is durable.

use super::clock;
use super::fail::Failure;
use super::out::Out;
use crate::domain::id::StaffId;
use crate::domain::lang::Lang;
use crate::domain::plain_words::plain_words;
use crate::domain::time::Timestamp;
use crate::usecase::{Command, Door, Error, Receipt, Request, When};
use schemars::JsonSchema;
use serde::Deserialize;
use std::io::BufRead;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};

/// Lines that may be under way at once.
const AHEAD: usize = 256;
/// A longer line is refused, so that a stray file cannot fill the memory.
const MAX_LINE: usize = 1 << 20;

/// One line of input.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// The caller's own operation id, at most 128 characters.
    pub op: Option<String>,
    /// The staff member who acts; without it, the one of `--as`.
    #[serde(rename = "as")]
    pub staff: Option<StaffId>,
    /// When; on a simulated store only.
    pub at: Option<Timestamp>,
    /// What.
    pub command: Command,
}

/// The result of one line.
enum Answer {
    Ready(serde_json::Value),
    Pending(Receiver<Result<Receipt, Error>>),
}

/// The JSON Schema of a line.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Line).to_value()
}

/// Reads lines until the end of input. The result is Busy or unreachable only when the store was.
pub fn run(
    door: &Door,
    default: &StaffId,
    input: impl BufRead + Send,
    lang: Lang,
    out: &Out,
) -> Result<(), Failure> {
    let (sender, receiver) = sync_channel::<Answer>(AHEAD);
    std::thread::scope(|scope| {
        let reader = scope.spawn(move || read(door, default, input, lang, &sender));
        let printed = print(&receiver, lang, out);
        // A reader that still waits for room must not wait for ever once printing has ended.
        drop(receiver);
        let read =
            reader.join().unwrap_or_else(|_| Err(crate::store::StoreError::internal("exec reader").into()));
        printed.and(read)
    })
}

fn print(answers: &Receiver<Answer>, lang: Lang, out: &Out) -> Result<(), Failure> {
    for answer in answers {
        let value = match answer {
            Answer::Ready(value) => value,
            Answer::Pending(reply) => {
                let result = reply.recv().unwrap_or_else(|_| {
                    Err(crate::store::StoreError::internal("a command ended without an answer").into())
                });
                outcome(&result, lang)
            }
        };
        out.json(&value)?;
    }
    Ok(())
}

fn read(
    door: &Door,
    default: &StaffId,
    mut input: impl BufRead,
    lang: Lang,
    answers: &SyncSender<Answer>,
) -> Result<(), Failure> {
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = std::io::Read::take(&mut input, MAX_LINE as u64 + 1)
            .read_until(b'\n', &mut line)
            .map_err(|error| Failure::io(&error, "stdin", lang))?;
        if read == 0 {
            return Ok(());
        }
        let answer = if line.len() > MAX_LINE {
            skip_line(&mut input).map_err(|error| Failure::io(&error, "stdin", lang))?;
            invalid("line_too_long", &format!("> {MAX_LINE} bytes"))
        } else if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        } else {
            start(door, default, &line, lang)
        };
        if answers.send(answer).is_err() {
            return Ok(());
        }
    }
}

fn skip_line(input: &mut impl BufRead) -> std::io::Result<()> {
    loop {
        let buffer = input.fill_buf()?;
        if buffer.is_empty() {
            return Ok(());
        }
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let used = end.map_or(buffer.len(), |end| end + 1);
        input.consume(used);
        if end.is_some() {
            return Ok(());
        }
    }
}

fn start(door: &Door, default: &StaffId, line: &[u8], lang: Lang) -> Answer {
    let value: serde_json::Value = match serde_json::from_slice(line) {
        Ok(value) => value,
        Err(error) => return invalid("invalid_json", &plain_words(&error.to_string(), lang)),
    };
    let Line { op, staff, at, command } = match serde_json::from_value(value) {
        Ok(line) => line,
        Err(error) => return invalid("invalid_command", &plain_words(&error.to_string(), lang)),
    };
    if op.as_ref().is_some_and(|op| op.is_empty() || op.len() > 128) {
        return invalid("invalid_command", "op: 1–128");
    }
    let now = if door.simulated() { Timestamp::ZERO } else { clock::now() };
    let request = Request {
        op,
        staff: staff.unwrap_or_else(|| default.clone()),
        when: at.map_or(When::Now(now), When::At),
        command,
    };
    if !door.store().keeps_order() {
        // A line may depend on the one before it.
        return Answer::Ready(outcome(&door.execute(request), lang));
    }
    let (sender, receiver) = channel();
    match door.submit(request.clone(), move |result| drop(sender.send(result))) {
        Ok(()) => Answer::Pending(receiver),
        // The queue is full: wait for it instead.
        Err(_) => Answer::Ready(outcome(&door.execute(request), lang)),
    }
}

fn invalid(kind: &str, message: &str) -> Answer {
    Answer::Ready(serde_json::json!({"error": {"kind": kind, "message": message}}))
}

fn outcome(result: &Result<Receipt, Error>, lang: Lang) -> serde_json::Value {
    match result {
        Ok(receipt) => serde_json::json!({ "ok": receipt }),
        Err(Error::Refused(refusal)) => serde_json::json!({"refused": {
            "rule": refusal.rule(), "message": refusal.message(lang), "hint": refusal.hint(lang)
        }}),
        Err(error @ Error::Store(_)) => serde_json::json!({"error": {
            "kind": error.kind(), "message": error.message(lang), "hint": error.hint(lang)
        }}),
    }
}
