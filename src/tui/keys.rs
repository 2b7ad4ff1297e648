//! Binding tables: one row per key, a [`Binding`]. The row feeds dispatch, footer, help window, command palette and
//! the generated `docs/KEYS.md`, so that a key and its texts never drift apart. Its texts are the locale keys
//! `key.<id>.label` and `key.<id>.help`.
//!
//! Invariants:
//! * key values are written only in binding tables ([`Key`] constants);
//! * no two rows of the same place in one table share a key (see [`clashes`]);
//! * no two rows that work at one time share a key (see [`shared_keys`]);
//! * a letter and its capital are the same command; in text they are two letters.

use super::input::Key;
use super::say::word;
use crate::domain::actor::{Permission as Act, Role};
use crate::domain::lang::Lang;

/// Whether a key works now, or the locale key of the sentence that says why not.
pub type Enabled = Result<(), &'static str>;

/// The reason of a row that belongs to another step of its screen. The key is then free, as if the row did not
/// exist, so that two steps that never coincide may use one key.
pub const ELSEWHERE: &str = "frame.why.elsewhere";

/// One key, or several keys that do the same, in a table of a screen with acts `A` and state `S`.
#[derive(Debug)]
pub struct Binding<A: Copy + 'static, S: ?Sized + 'static> {
    /// Public name, unique: `calls.fetch`. The locale keys of the texts come from it.
    pub id: &'static str,
    /// The part of the screen or phase that the key belongs to; a heading in help (`place.<place>`).
    pub place: &'static str,
    /// The keys.
    pub keys: &'static [Key],
    /// What is done.
    pub act: A,
    /// The permission that it needs, if any.
    pub needs: Option<Act>,
    /// Whether it works in this state, or why not.
    pub enabled: fn(&S) -> Enabled,
    /// Whether the footer shows it while it works.
    pub in_footer: bool,
    /// The name of its texts in this state, when they are not those of the id.
    pub named: fn(&S) -> Option<&'static str>,
}

/// Rows are plain data, whatever the screen's state is.
impl<A: Copy, S: ?Sized> Clone for Binding<A, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A: Copy, S: ?Sized> Copy for Binding<A, S> {}

/// Joins several tables in order; `N` is their total length.
pub const fn joined<A: Copy, S, const N: usize>(tables: &[&[Binding<A, S>]]) -> [Binding<A, S>; N] {
    let mut out = [tables[0][0]; N];
    let (mut table, mut to) = (0, 0);
    while table < tables.len() {
        let mut from = 0;
        while from < tables[table].len() {
            out[to] = tables[table][from];
            from += 1;
            to += 1;
        }
        table += 1;
    }
    out
}

#[expect(clippy::unnecessary_wraps, reason = "it stands in a table beside functions that can say no")]
const fn always<S: ?Sized>(_: &S) -> Enabled {
    Ok(())
}

const fn own_name<S: ?Sized>(_: &S) -> Option<&'static str> {
    None
}

impl<A: Copy, S: ?Sized> Binding<A, S> {
    /// A row that always works, for every role, and is shown in the footer.
    pub const fn new(place: &'static str, id: &'static str, keys: &'static [Key], act: A) -> Self {
        Self {
            id,
            place,
            keys,
            act,
            needs: None,
            enabled: always::<S>,
            in_footer: true,
            named: own_name::<S>,
        }
    }

    /// The row works only while `enabled` returns `Ok`.
    pub const fn when(mut self, enabled: fn(&S) -> Enabled) -> Self {
        self.enabled = enabled;
        self
    }

    /// The row has other texts while `named` returns a name.
    pub const fn named(mut self, named: fn(&S) -> Option<&'static str>) -> Self {
        self.named = named;
        self
    }

    /// The row exists only for roles that may do `act`.
    pub const fn needs(mut self, act: Act) -> Self {
        self.needs = Some(act);
        self
    }

    /// The row is shown in help and palette, not in the footer.
    pub const fn quiet(mut self) -> Self {
        self.in_footer = false;
        self
    }

    /// Whether `role` has this row at all.
    pub fn is_for(&self, role: Role) -> bool {
        self.needs.is_none_or(|act| role.may(act))
    }

    /// This row without its types, as it stands in `state`.
    pub fn row(&self, state: &S) -> KeyRow {
        KeyRow {
            id: self.id,
            place: self.place,
            keys: self.keys,
            enabled: (self.enabled)(state),
            in_footer: self.in_footer,
            name: (self.named)(state).unwrap_or(self.id),
        }
    }
}

/// The result of looking a key up in a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hit<A> {
    /// Do this.
    Act(A),
    /// The key is known here and does not work now; the locale key of the reason.
    Not(&'static str),
    /// The role may not do it.
    Forbidden(Act),
    /// The table does not know the key.
    Unknown,
}

/// Looks `key` up. The first row that works wins; otherwise the first row with the key gives the reason. A capital
/// letter is the same command as the small one (Caps Lock).
pub fn look_up<A: Copy, S: ?Sized>(table: &[Binding<A, S>], key: Key, state: &S, role: Role) -> Hit<A> {
    let mut found = Hit::Unknown;
    let key = key.command();
    for row in table.iter().filter(|row| row.keys.contains(&key)) {
        let hit = match ((row.enabled)(state), row.needs) {
            (Err(ELSEWHERE), _) => continue,
            (_, Some(act)) if !role.may(act) => Hit::Forbidden(act),
            (Ok(()), _) => return Hit::Act(row.act),
            (Err(why), _) => Hit::Not(why),
        };
        if matches!(found, Hit::Unknown | Hit::Forbidden(_)) {
            found = hit;
        }
    }
    found
}

/// A binding without its types, for footer, help, palette and `docs/KEYS.md`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRow {
    /// Public name.
    pub id: &'static str,
    /// The part of the screen.
    pub place: &'static str,
    /// The keys.
    pub keys: &'static [Key],
    /// Whether it works now, or why not.
    pub enabled: Enabled,
    /// Whether the footer may show it.
    pub in_footer: bool,
    /// The name of its texts in the locales.
    pub name: &'static str,
}

impl KeyRow {
    /// The short label.
    pub fn label(&self, lang: Lang) -> String {
        word(&format!("key.{}.label", self.name), lang)
    }

    /// The help sentence.
    pub fn help(&self, lang: Lang) -> String {
        word(&format!("key.{}.help", self.name), lang)
    }

    /// The heading it stands under.
    pub fn heading(&self, lang: Lang) -> String {
        word(&format!("place.{}", self.place), lang)
    }

    /// The keys' names, `F1 ?`.
    pub fn caps(&self) -> String {
        self.keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }
}

/// Returns every pair of rows of one place that share a key, and every id that occurs twice; empty when the tables
/// are sound. For tests over all tables.
pub fn clashes(rows: &[KeyRow]) -> Vec<String> {
    let mut found = Vec::new();
    for (i, a) in rows.iter().enumerate() {
        for b in &rows[i + 1..] {
            if a.id == b.id {
                found.push(format!("{} stands twice", a.id));
            }
            if a.place != b.place {
                continue;
            }
            for key in a.keys.iter().filter(|key| b.keys.contains(key)) {
                found.push(format!("{key} is {} and {} in {}", a.id, b.id, a.place));
            }
        }
    }
    found
}

/// A key of a row that works now: the row's id, and what distinguishes its act from others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveKey {
    /// The key as a command.
    pub key: Key,
    /// The row.
    pub id: &'static str,
    /// The act's name: two rows may do the same.
    pub act: String,
}

/// The keys of `rows` that work now. `whose` tells the acts of different tables apart.
pub fn live_keys<A: Copy + std::fmt::Debug, S: ?Sized>(
    whose: &str,
    table: &[Binding<A, S>],
    state: &S,
    role: Role,
) -> Vec<LiveKey> {
    table
        .iter()
        .filter(|row| row.is_for(role) && (row.enabled)(state).is_ok())
        .flat_map(|row| {
            let act = format!("{whose} {:?}", row.act);
            row.keys.iter().map(move |key| LiveKey { key: key.command(), id: row.id, act: act.clone() })
        })
        .collect()
}

/// Returns every key that two different acts would take now; empty when each key has one meaning. For tests over
/// all tables in all states.
pub fn shared_keys(live: &[LiveKey]) -> Vec<String> {
    let mut found = Vec::new();
    for (i, a) in live.iter().enumerate() {
        for b in live[i + 1..].iter().filter(|b| b.key == a.key && b.act != a.act) {
            let clash = format!("{} is {} and {}", a.key, a.id, b.id);
            if !found.contains(&clash) {
                found.push(clash);
            }
        }
    }
    found
}

/// Returns every locale key that the rows need and `lang` lacks; empty when all texts exist. For tests.
pub fn missing_texts(rows: &[KeyRow], lang: Lang) -> Vec<String> {
    let mut missing = Vec::new();
    for row in rows {
        let keys =
            [format!("key.{}.label", row.id), format!("key.{}.help", row.id), format!("place.{}", row.place)];
        for key in keys {
            let text = word(&key, lang);
            if text.is_empty() || text.ends_with(&key) {
                missing.push(key);
            }
        }
    }
    missing
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::input::KeyCode;

    struct Lamp {
        lit: bool,
    }

    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    enum Do {
        Light,
        Quench,
        Import,
    }

    const ENTER: Key = Key::plain(KeyCode::Enter);
    const TABLE: &[Binding<Do, Lamp>] = &[
        Binding::new("lamp", "lamp.light", &[ENTER], Do::Light)
            .when(|l: &Lamp| if l.lit { Err("lit") } else { Ok(()) }),
        Binding::new("lit", "lamp.quench", &[ENTER], Do::Quench)
            .when(|l: &Lamp| if l.lit { Ok(()) } else { Err("dark") }),
        Binding::new("lamp", "lamp.import", &[Key::char('i')], Do::Import).needs(Act::ManageLists),
    ];

    #[test]
    fn the_first_row_that_works_takes_the_key() {
        let agent = Role::Agent;
        assert_eq!(look_up(TABLE, ENTER, &Lamp { lit: false }, agent), Hit::Act(Do::Light));
        assert_eq!(look_up(TABLE, ENTER, &Lamp { lit: true }, agent), Hit::Act(Do::Quench));
    }

    #[test]
    fn a_key_that_does_not_work_says_why() {
        let table = &TABLE[1..];
        assert_eq!(look_up(table, ENTER, &Lamp { lit: false }, Role::Agent), Hit::Not("dark"));
        assert_eq!(
            look_up(table, Key::char('i'), &Lamp { lit: false }, Role::Agent),
            Hit::Forbidden(Act::ManageLists)
        );
        assert_eq!(look_up(table, Key::char('x'), &Lamp { lit: false }, Role::Agent), Hit::Unknown);
    }

    #[test]
    fn a_key_of_another_step_is_free() {
        const HERE: &[Binding<Do, Lamp>] =
            &[Binding::new("lamp", "lamp.light", &[ENTER], Do::Light).when(|_| Err(ELSEWHERE))];
        assert_eq!(look_up(HERE, ENTER, &Lamp { lit: false }, Role::Agent), Hit::Unknown);
    }

    #[test]
    fn a_capital_letter_is_the_same_command() {
        let lamp = Lamp { lit: false };
        assert_eq!(look_up(TABLE, Key::char('I'), &lamp, Role::Supervisor), Hit::Act(Do::Import));
        assert_eq!(look_up(TABLE, Key::char('i'), &lamp, Role::Supervisor), Hit::Act(Do::Import));
    }

    #[test]
    fn two_acts_that_would_take_one_key_now_are_found() {
        const TWICE: &[Binding<Do, Lamp>] = &[
            Binding::new("lamp", "lamp.light", &[ENTER], Do::Light),
            Binding::new("lit", "lamp.quench", &[Key::char('q'), ENTER], Do::Quench),
            Binding::new("lit", "lamp.light_too", &[ENTER], Do::Light),
        ];
        let lamp = Lamp { lit: false };
        let live = |table| live_keys("lamp", table, &lamp, Role::Supervisor);
        assert_eq!(shared_keys(&live(TABLE)), Vec::<String>::new());
        assert_eq!(
            shared_keys(&live(TWICE)),
            ["Enter is lamp.light and lamp.quench", "Enter is lamp.quench and lamp.light_too"]
        );
        assert_eq!(shared_keys(&live_keys("lamp", &TWICE[..1], &lamp, Role::Agent)), Vec::<String>::new());
    }

    #[test]
    fn two_rows_of_one_place_with_one_key_are_found() {
        let lamp = Lamp { lit: true };
        let sound: Vec<_> = TABLE.iter().map(|b| b.row(&lamp)).collect();
        assert_eq!(clashes(&sound), Vec::<String>::new());
        let mut twice = sound.clone();
        twice[1].place = "lamp";
        assert_eq!(clashes(&twice), ["Enter is lamp.light and lamp.quench in lamp"]);
    }
}
