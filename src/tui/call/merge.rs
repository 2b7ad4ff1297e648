//! Fills the merge fields of a script: `{salutation} {name}` → `Anh Hùng`. An unknown field stays as written, so that
//! the agent sees a mistake in a campaign file.

use crate::domain::lang::Bilingual;
use crate::domain::lang::Lang;
use crate::domain::name::{PersonName, Salutation};
use crate::tui::ctx::Ctx;
use crate::tui::say::word;
use crate::usecase::model::call::CallCard;

/// The kinship word of the card; `anh/chị` until an agent has chosen one.
pub fn salutation(card: &CallCard, lang: Lang) -> String {
    let chosen = card.salutation.as_deref().and_then(Salutation::parse);
    chosen.map_or_else(|| word("call.salutation_unknown", lang), |salutation| salutation.label(lang))
}

/// The given name of the card, by which people are addressed.
pub fn given_name(card: &CallCard) -> String {
    given(&card.name)
}

/// The given name in a full name; a name that cannot be parsed stays whole.
pub fn given(name: &str) -> String {
    PersonName::parse(name).map_or_else(|_| name.to_owned(), |name| name.given().to_owned())
}

/// The text in the session's language with every field filled and sentences beginning with a capital.
pub fn filled(text: &Bilingual, card: &CallCard, ctx: &Ctx) -> String {
    let (lang, campaign) = (ctx.lang, &ctx.campaign);
    // The notice is filled in first, because it may hold merge fields.
    let mut out = text.get(lang).replace("{notice}", campaign.notice.text.get(lang));
    let fields = [
        ("{salutation}", salutation(card, lang)),
        ("{name}", given_name(card)),
        ("{agent}", ctx.actor.name.clone()),
        ("{organisation}", campaign.organisation.get(lang).to_owned()),
        ("{hotline}", campaign.hotline.clone()),
        ("{fanpage}", campaign.fanpage.clone()),
        ("{consult_until}", campaign.consultation.to.format("%d/%m/%Y").to_string()),
        ("{register_until}", campaign.registration.to.format("%d/%m/%Y").to_string()),
    ];
    for (field, value) in fields {
        out = out.replace(field, &value);
    }
    capitalised(&out)
}

/// A capital at the start and after the end of a sentence.
fn capitalised(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut starts, mut ended) = (true, false);
    for c in text.chars() {
        if c.is_whitespace() {
            starts |= ended;
            out.push(c);
            continue;
        }
        if starts {
            out.extend(c.to_uppercase());
        } else {
            out.push(c);
        }
        starts = false;
        ended = matches!(c, '.' | '!' | '?');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::actor::Role;
    use crate::tui::call::panel::tests::card;
    use crate::tui::fixture::ctx;

    fn text(vi: &str) -> Bilingual {
        Bilingual { vi: vi.to_owned(), en: vi.to_owned() }
    }

    #[test]
    fn people_are_addressed_by_kinship_word_and_given_name() {
        let ctx = ctx(Role::Agent);
        let sentence =
            filled(&text("{salutation} {name} ơi. {salutation} cần, gọi {hotline} ạ."), &card(), &ctx);
        assert_eq!(sentence, "Anh Hùng ơi. Anh cần, gọi 9090 ạ.");
    }

    #[test]
    fn without_a_chosen_word_both_are_read_aloud() {
        let nobody = CallCard { salutation: None, ..card() };
        assert_eq!(filled(&text("Dạ {salutation}"), &nobody, &ctx(Role::Agent)), "Dạ anh/chị");
    }

    #[test]
    fn every_script_of_the_programme_is_filled_completely() {
        let ctx = ctx(Role::Agent);
        let script = &ctx.campaign.script;
        let steps = script.steps.iter().map(|step| &step.text);
        for text in steps.chain(script.objections.iter().map(|o| &o.answer)) {
            let sentence = filled(text, &card(), &ctx);
            assert!(!sentence.contains(['{', '}']), "{sentence}");
        }
    }
}
