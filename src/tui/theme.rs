//! The named styles of the screens in four colour depths. The caller passes the depth; nothing here reads the
//! environment. There is one accent, borders are quiet, and the contrast suits eight hours of work.
//!
//! Invariant: colour never carries meaning alone. Every style with a meaning also has a mark (`✓ ⚠ ✗ ●`) or an
//! attribute (bold, reversed, underlined), so that [`Depth::Mono`] loses no information.

use ratatui::style::{Color, Modifier, Style};
use ratatui::symbols::border;

/// How many colours the terminal shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Depth {
    /// 24-bit colour.
    #[default]
    True,
    /// The 256-colour palette.
    Indexed,
    /// The 16 colours of the person's own palette.
    Sixteen,
    /// No colour at all (`NO_COLOR`).
    Mono,
}

impl Depth {
    /// Decides from what the environment says: `NO_COLOR` (any non-empty value), `COLORTERM`, `TERM`.
    pub fn from_env(no_color: Option<&str>, colorterm: Option<&str>, term: Option<&str>) -> Self {
        let term = term.unwrap_or_default();
        if no_color.is_some_and(|v| !v.is_empty()) || term == "dumb" {
            Self::Mono
        } else if colorterm.is_some_and(|v| v.contains("truecolor") || v.contains("24bit"))
            || term.contains("direct")
        {
            Self::True
        } else if term.contains("256") {
            Self::Indexed
        } else {
            Self::Sixteen
        }
    }
}

/// What a notice, badge or mark means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Nothing special.
    Plain,
    /// For information.
    Info,
    /// Done, allowed, present.
    Ok,
    /// Needs care soon.
    Warn,
    /// Refused, overdue, dangerous.
    Danger,
    /// Of lesser weight.
    Muted,
}

impl Tone {
    /// The mark that says the same without colour; empty for plain and muted.
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Plain | Self::Muted => "",
            Self::Info => "●",
            Self::Ok => "✓",
            Self::Warn => "⚠",
            Self::Danger => "✗",
        }
    }
}

/// One colour in the three depths that have any: 24-bit, index of 256, one of sixteen.
#[derive(Clone, Copy)]
struct Ink(u32, u8, Color);

const GROUND: Ink = Ink(0x0015_1a23, 234, Color::Reset);
const RAISED: Ink = Ink(0x001d_2430, 235, Color::Reset);
const TEXT: Ink = Ink(0x00d6_dce6, 253, Color::Reset);
const BRIGHT: Ink = Ink(0x00f4_f7fb, 255, Color::White);
const QUIET: Ink = Ink(0x0093_9eb0, 247, Color::DarkGray);
const LINE: Ink = Ink(0x003a_4557, 239, Color::DarkGray);
const ACCENT: Ink = Ink(0x006c_b8ff, 75, Color::Cyan);
const ON_ACCENT: Ink = Ink(0x000b_1622, 233, Color::Black);
const CHOSEN: Ink = Ink(0x0027_3a54, 24, Color::Blue);
const GREEN: Ink = Ink(0x0080_d49b, 114, Color::Green);
const AMBER: Ink = Ink(0x00f0_c674, 222, Color::Yellow);
const RED: Ink = Ink(0x00ff_8480, 210, Color::LightRed);
const ALARM: Ink = Ink(0x00b3_1b28, 124, Color::Red);

/// The named styles of one session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Theme {
    /// Colours that the terminal shows.
    pub depth: Depth,
    /// Whether a window is over what is drawn: keys and focus are dimmed.
    dimmed: bool,
}

impl Theme {
    /// A theme for `depth`.
    pub const fn new(depth: Depth) -> Self {
        Self { depth, dimmed: false }
    }

    /// This theme for what is under a window: keys, the accent and the focused frame are quiet.
    #[must_use]
    pub const fn dimmed(self) -> Self {
        Self { dimmed: true, ..self }
    }

    const fn ink(self, ink: Ink) -> Color {
        match self.depth {
            Depth::True => Color::Rgb((ink.0 >> 16) as u8, (ink.0 >> 8) as u8, ink.0 as u8),
            Depth::Indexed => Color::Indexed(ink.1),
            Depth::Sixteen => ink.2,
            Depth::Mono => Color::Reset,
        }
    }

    const fn fg(self, ink: Ink) -> Style {
        Style::new().fg(self.ink(ink))
    }

    /// The style of everything that has no other: text on the background.
    pub const fn base(self) -> Style {
        self.fg(TEXT).bg(self.ink(GROUND))
    }

    /// Bars at the edge of the screen and the body of popups.
    pub const fn raised(self) -> Style {
        self.fg(TEXT).bg(self.ink(RAISED))
    }

    /// Ordinary text, to be patched onto any background.
    pub const fn text(self) -> Style {
        self.fg(TEXT)
    }

    /// Names and figures that the eye looks for first.
    pub const fn strong(self) -> Style {
        self.fg(BRIGHT).add_modifier(Modifier::BOLD)
    }

    /// The title of a pane without the focus.
    pub const fn title(self) -> Style {
        self.fg(TEXT).add_modifier(Modifier::BOLD)
    }

    /// The accent: focus, links, the chosen tab's name.
    pub const fn accent(self) -> Style {
        if self.dimmed {
            return self.muted();
        }
        self.fg(ACCENT).add_modifier(Modifier::BOLD)
    }

    /// Labels, hints, times gone by.
    pub const fn muted(self) -> Style {
        match self.depth {
            Depth::Mono => Style::new().add_modifier(Modifier::DIM),
            Depth::True | Depth::Indexed | Depth::Sixteen => self.fg(QUIET),
        }
    }

    /// The frame of a pane without the focus.
    pub const fn border(self) -> Style {
        match self.depth {
            Depth::Mono => Style::new().add_modifier(Modifier::DIM),
            Depth::True | Depth::Indexed | Depth::Sixteen => self.fg(LINE),
        }
    }

    /// The frame of the pane that has the focus.
    pub const fn focus(self) -> Style {
        if self.dimmed {
            return self.border();
        }
        self.fg(ACCENT)
    }

    /// The row under the cursor.
    pub const fn selected(self) -> Style {
        match self.depth {
            Depth::True | Depth::Indexed => self.fg(BRIGHT).bg(self.ink(CHOSEN)).add_modifier(Modifier::BOLD),
            Depth::Sixteen | Depth::Mono => Style::new().add_modifier(Modifier::REVERSED),
        }
    }

    /// The tab that is open.
    pub const fn tab_open(self) -> Style {
        match self.depth {
            Depth::True | Depth::Indexed | Depth::Sixteen => {
                self.fg(ON_ACCENT).bg(self.ink(ACCENT)).add_modifier(Modifier::BOLD)
            }
            Depth::Mono => Style::new().add_modifier(Modifier::REVERSED).add_modifier(Modifier::BOLD),
        }
    }

    /// A key cap in the footer, in help and beside choices.
    pub const fn key(self) -> Style {
        if self.dimmed {
            return self.muted();
        }
        self.fg(ACCENT).add_modifier(Modifier::BOLD)
    }

    /// The text of a field.
    pub const fn input(self) -> Style {
        match self.depth {
            Depth::True | Depth::Indexed => self.fg(BRIGHT).bg(self.ink(RAISED)),
            Depth::Sixteen | Depth::Mono => Style::new().add_modifier(Modifier::UNDERLINED),
        }
    }

    /// The text of the field that has the focus.
    pub const fn input_focus(self) -> Style {
        match self.depth {
            Depth::True | Depth::Indexed => self.fg(BRIGHT).bg(self.ink(CHOSEN)),
            Depth::Sixteen | Depth::Mono => {
                Style::new().add_modifier(Modifier::UNDERLINED).add_modifier(Modifier::BOLD)
            }
        }
    }

    /// What a field shows while it is empty.
    pub const fn placeholder(self) -> Style {
        match self.depth {
            Depth::True | Depth::Indexed => self.fg(QUIET).bg(self.ink(RAISED)),
            Depth::Sixteen | Depth::Mono => Style::new().add_modifier(Modifier::DIM),
        }
    }

    /// Text in a tone.
    pub const fn tone(self, tone: Tone) -> Style {
        match tone {
            Tone::Plain => self.text(),
            Tone::Info => self.fg(ACCENT),
            Tone::Ok => self.fg(GREEN),
            Tone::Warn => self.fg(AMBER),
            Tone::Danger => self.fg(RED).add_modifier(Modifier::BOLD),
            Tone::Muted => self.muted(),
        }
    }

    /// A small filled label in a tone.
    pub const fn badge(self, tone: Tone) -> Style {
        let ground = match tone {
            Tone::Plain | Tone::Muted => QUIET,
            Tone::Info => ACCENT,
            Tone::Ok => GREEN,
            Tone::Warn => AMBER,
            Tone::Danger => RED,
        };
        match self.depth {
            Depth::True | Depth::Indexed | Depth::Sixteen => {
                Style::new().fg(self.ink(ON_ACCENT)).bg(self.ink(ground)).add_modifier(Modifier::BOLD)
            }
            Depth::Mono => Style::new().add_modifier(Modifier::REVERSED),
        }
    }

    /// The filled part of a bar.
    pub const fn bar(self) -> Style {
        self.fg(ACCENT)
    }

    /// The empty part of a bar.
    pub const fn bar_rest(self) -> Style {
        self.fg(LINE)
    }

    /// The 115 alarm: fills the screen.
    pub const fn alarm(self) -> Style {
        match self.depth {
            Depth::True | Depth::Indexed | Depth::Sixteen => Style::new()
                .fg(self.ink(Ink(0x00ff_ffff, 231, Color::White)))
                .bg(self.ink(ALARM))
                .add_modifier(Modifier::BOLD),
            Depth::Mono => Style::new().add_modifier(Modifier::REVERSED).add_modifier(Modifier::BOLD),
        }
    }

    /// The lines of frames: light, with round corners.
    pub const fn lines(self) -> border::Set<'static> {
        border::ROUNDED
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_decides_the_depth_and_no_color_wins() {
        assert_eq!(Depth::from_env(Some("1"), Some("truecolor"), Some("xterm-256color")), Depth::Mono);
        assert_eq!(Depth::from_env(Some(""), Some("truecolor"), Some("xterm")), Depth::True);
        assert_eq!(Depth::from_env(None, None, Some("screen-256color")), Depth::Indexed);
        assert_eq!(Depth::from_env(None, None, Some("linux")), Depth::Sixteen);
        assert_eq!(Depth::from_env(None, None, Some("dumb")), Depth::Mono);
    }

    #[test]
    fn without_colour_no_style_sets_one_and_what_matters_still_differs() {
        let theme = Theme::new(Depth::Mono);
        for style in
            [theme.base(), theme.selected(), theme.tab_open(), theme.alarm(), theme.badge(Tone::Warn)]
        {
            assert!(matches!(style.fg, None | Some(Color::Reset)));
            assert!(matches!(style.bg, None | Some(Color::Reset)));
        }
        assert_ne!(theme.selected(), theme.text());
        assert_ne!(theme.muted(), theme.text());
    }

    /// WCAG relative luminance of a 24-bit colour.
    fn luminance(color: Color) -> f64 {
        let Color::Rgb(r, g, b) = color else { panic!("not 24-bit") };
        let part = |v: u8| {
            let v = f64::from(v) / 255.0;
            if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b)
    }

    #[test]
    fn every_text_style_has_a_contrast_of_at_least_four_and_a_half_to_one() {
        let theme = Theme::new(Depth::True);
        let ground = theme.base().bg.unwrap();
        let styles = [
            theme.base(),
            theme.raised(),
            theme.strong(),
            theme.title(),
            theme.accent(),
            theme.muted(),
            theme.selected(),
            theme.tab_open(),
            theme.input(),
            theme.input_focus(),
            theme.placeholder(),
            theme.alarm(),
            theme.tone(Tone::Ok),
            theme.tone(Tone::Warn),
            theme.tone(Tone::Danger),
            theme.badge(Tone::Danger),
            theme.badge(Tone::Muted),
        ];
        for style in styles {
            let (a, b) = (luminance(style.fg.unwrap()), luminance(style.bg.unwrap_or(ground)));
            let ratio = (a.max(b) + 0.05) / (a.min(b) + 0.05);
            assert!(ratio >= 4.5, "{style:?} has {ratio:.2}");
        }
    }
}
