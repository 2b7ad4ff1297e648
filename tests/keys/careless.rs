//! Two screens as they must not be, to show that the hand finds it: one changes the number of seats without a
//! question, one drops a form at the first Esc.

use ratatui::Frame;
use ratatui::layout::Rect;
use tongdai::tui::ctx::Ctx;
use tongdai::tui::effect::{Effect, Origin};
use tongdai::tui::field::{Field, Kind};
use tongdai::tui::form::Form;
use tongdai::tui::input::{Key, KeyCode};
use tongdai::tui::keys::{Binding, ELSEWHERE};
use tongdai::tui::requests::Requests;
use tongdai::tui::screen::{AnyScreen, Msg, Screen, ScreenHost};
use tongdai::usecase::Command;
use tongdai::usecase::command::SetQuota;

struct Careless {
    requests: Requests<u8, u8>,
}

impl Screen for Careless {
    type Act = ();

    const BINDINGS: &'static [Binding<(), Self>] =
        &[Binding::new("form", "form.next", &[Key::char('s')], ())];

    fn update(&mut self, msg: Msg<()>, _: &Ctx) -> Vec<Effect> {
        match msg {
            Msg::Act(()) => vec![self.requests.save(0, Command::SetQuota(SetQuota { quota: 700 }), [])],
            Msg::Replied(ticket, outcome) => {
                let mut effects = Vec::new();
                self.requests.take(ticket, outcome, &mut effects);
                effects
            }
            _ => Vec::new(),
        }
    }

    fn view(&self, _: &mut Frame, _: Rect, _: &Ctx) {}
}

/// A screen that changes the number of seats without a question.
pub fn careless(_: &Ctx) -> Vec<Box<dyn AnyScreen>> {
    let screen = Careless { requests: Requests::new(Origin::Calls) };
    vec![Box::new(ScreenHost::new(Origin::Calls, screen))]
}

struct Forgetful {
    form: Option<Form>,
}

impl Screen for Forgetful {
    type Act = bool;

    const BINDINGS: &'static [Binding<bool, Self>] = &[
        Binding::new("form", "form.next", &[Key::char('s')], true),
        Binding::new("form", "form.back", &[Key::plain(KeyCode::Esc)], false)
            .when(|screen| if screen.form.is_some() { Ok(()) } else { Err(ELSEWHERE) }),
    ];

    fn update(&mut self, msg: Msg<bool>, _: &Ctx) -> Vec<Effect> {
        if let Msg::Act(open) = msg {
            let form = || Form::new().field("name", "reg.form.name", Field::new(Kind::Text));
            self.form = open.then(form);
        }
        Vec::new()
    }

    fn view(&self, _: &mut Frame, _: Rect, _: &Ctx) {}

    fn form(&self) -> Option<&Form> {
        self.form.as_ref()
    }

    fn form_mut(&mut self) -> Option<&mut Form> {
        self.form.as_mut()
    }
}

/// A screen that drops a form at the first Esc.
pub fn forgetful(_: &Ctx) -> Vec<Box<dyn AnyScreen>> {
    vec![Box::new(ScreenHost::new(Origin::Calls, Forgetful { form: None }))]
}
