//! What a text of the campaign needs to be said on a call: who is called and who calls. How its fields are filled is a
//! rule of `domain::campaign::spoken`.

use crate::domain::campaign::spoken::Talk;
use crate::domain::lang::{Bilingual, Lang};
use crate::domain::name::{PersonName, Salutation};
use crate::tui::ctx::Ctx;
use crate::usecase::model::call::CallCard;

/// The kinship word of the card; `anh/chị` until an agent has chosen one.
pub fn salutation(card: &CallCard, lang: Lang) -> String {
    let chosen = card.salutation.as_deref().and_then(Salutation::parse);
    chosen.map_or_else(|| Salutation::unknown_label(lang), |salutation| salutation.label(lang))
}

/// The given name in a full name; a name that cannot be parsed stays whole.
pub fn given(name: &str) -> String {
    PersonName::parse(name).map_or_else(|_| name.to_owned(), |name| name.given().to_owned())
}

/// The person on the card and the person at the desk.
pub fn talk<'a>(card: &'a CallCard, ctx: &'a Ctx) -> Talk<'a> {
    talk_to(&card.name, card.salutation.as_deref(), ctx)
}

/// The customer of that name and kinship word, and the person at the desk.
pub fn talk_to<'a>(name: &'a str, salutation: Option<&str>, ctx: &'a Ctx) -> Talk<'a> {
    Talk { salutation: salutation.and_then(Salutation::parse), name, agent: &ctx.actor.name }
}

/// The text in the session's language as it is said to the customer of the card.
pub fn filled(text: &Bilingual, card: &CallCard, ctx: &Ctx) -> String {
    ctx.campaign.spoken(text, &talk(card, ctx), ctx.lang)
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
    fn the_caller_is_younger_than_an_elder() {
        let elder = CallCard { salutation: Some("bac".to_owned()), ..card() };
        let sentence =
            filled(&text("{Self} chào {salutation}, {self} là {agent}."), &elder, &ctx(Role::Agent));
        assert_eq!(sentence, "Cháu chào bác, cháu là Lan.");
    }
}
