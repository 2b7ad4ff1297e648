//! The red flags as they are drawn: each is read aloud, so each must read whole.

use super::fixture::Bench;
use crate::domain::actor::Role;
use crate::domain::department::Department;
use crate::domain::lang::Lang;
use crate::domain::triage::FlagAnswer;
use crate::tui::say::word;
use crate::tui::screens::schedule::Focus;
use crate::tui::screens::schedule::checklist::Checklist;
use crate::tui::widgets::wrap::lines;

#[test]
fn the_flag_under_the_cursor_reads_whole_at_both_sizes_also_when_another_means_115() {
    for lang in [Lang::Vi, Lang::En] {
        let unanswered = format!("[{}]", word("schedule.answer.none", lang));
        for department in Department::ALL {
            let mut bench = Bench::called(Role::Intake);
            bench.ctx.lang = lang;
            let list = bench.ctx.campaign.red_flags.clone();
            bench.screen_mut().focus = Focus::Flags;
            bench.screen_mut().intake.as_mut().unwrap().checklist = Checklist::new(&list, department);
            for (acute, size) in [(false, (80, 24)), (false, (120, 36)), (true, (80, 24)), (true, (120, 36))]
            {
                let checklist = &mut bench.screen_mut().intake.as_mut().unwrap().checklist;
                checklist.flags[0].answer = acute.then_some(FlagAnswer::Unsure);
                for at in 0..checklist.flags.len() {
                    let checklist = &mut bench.screen_mut().intake.as_mut().unwrap().checklist;
                    checklist.at = at;
                    let text = checklist.flags[at].flag.text.get(lang).to_owned();
                    let picture = bench.picture(size.0, size.1);
                    let whole = |room: usize| lines(&text, room).iter().all(|row| picture.contains(*row));
                    assert!((20..=120).any(whole), "{text}: {picture}");
                    let cut = picture.lines().find(|row| row.contains(&unanswered) && row.contains('…'));
                    assert_eq!(cut, None, "{department:?} {size:?}");
                }
            }
        }
    }
}
