//! The survey desk through the door.

use crate::domain::contact::{MatterState, Purpose};
use crate::domain::department::Department;
use crate::domain::disposition::Disposition;
use crate::domain::id::{BatchId, CaseId, CustomerId};
use crate::store::counter;
use crate::usecase::check::check;
use crate::usecase::command::{Claim, Command, RecordSurvey, SurveyAnswers};
use crate::usecase::door::Door;
use crate::usecase::fixture::{ask, at, counted, ended, hotline, number, rule, run, sql, state};
use crate::usecase::intake::fixture::{all_consulted, booked, cases, consulted, hand_over, register};
use crate::usecase::model::count::Satisfaction;
use crate::usecase::query::{Query, Snapshot};
use crate::usecase::receipt::Receipt;

const THREE: &str = "2026-12-02T15:00";

fn answers(csat: i64) -> SurveyAnswers {
    SurveyAnswers { q1: Some(6), q5: Some(csat), q6: Some(10), ..SurveyAnswers::default() }
}

fn survey(case: i64, answers: SurveyAnswers) -> Command {
    Command::RecordSurvey(RecordSurvey {
        case: CaseId(case),
        answers,
        talk_seconds: Some(90),
        recording_announced: Some(true),
        note: None,
    })
}

fn claim() -> Command {
    Command::Claim(Claim { purpose: Purpose::Survey, matter: None })
}

fn refused(door: &Door, who: &str, command: Command) -> &'static str {
    let before = state(door);
    let rule = rule(run(door, who, at(THREE), command));
    assert_eq!(state(door), before, "{rule} changed something");
    rule
}

fn measured(door: &Door) -> Satisfaction {
    match ask(door, "ha", at(THREE), Query::Satisfaction {}).unwrap() {
        Snapshot::Satisfaction(measured) => measured,
        other => panic!("{other:?}"),
    }
}

#[test]
fn answers_close_the_call_they_were_given_in() {
    let door = cases(1);
    consulted(&door, 1);
    run(&door, "minh", at(THREE), claim()).unwrap();
    assert_eq!(run(&door, "minh", at(THREE), survey(1, answers(5))), Ok(Receipt::SurveyRecorded {}));
    assert_eq!(
        number(&door, "SELECT COUNT(*) FROM survey WHERE state = 'answered' AND by_staff = 'minh'"),
        1
    );
    assert_eq!(number(&door, "SELECT talk_seconds FROM call WHERE purpose = 3"), 90);
    assert_eq!(counted(&door, &counter::matter(Purpose::Survey, MatterState::Closed)), 1);
    assert_eq!(counted(&door, &counter::matter(Purpose::Survey, MatterState::Leased)), 0);
    assert_eq!(counted(&door, &counter::disposition(Purpose::Survey, Disposition::Agreed)), 1);
    assert_eq!(refused(&door, "minh", survey(1, answers(4))), "conflict");
}

#[test]
fn a_survey_that_nobody_has_open_is_recorded_without_a_claim() {
    let door = cases(1);
    consulted(&door, 1);
    run(&door, "minh", at(THREE), survey(1, answers(5))).unwrap();
    assert_eq!(counted(&door, &counter::matter(Purpose::Survey, MatterState::Closed)), 1);
}

#[test]
fn answers_after_the_last_lease_ran_out_are_the_result_of_that_call() {
    let door = cases(1);
    consulted(&door, 1);
    sql(&door, "UPDATE matter SET attempts = 2 WHERE purpose = 3");
    run(&door, "minh", at(THREE), claim()).unwrap();
    // Another agent's claim settles the lease: nobody was reached.
    run(&door, "ha", at(THREE).plus_minutes(11), claim()).unwrap();
    assert_eq!(number(&door, "SELECT COUNT(*) FROM survey WHERE state = 'unreachable'"), 1);
    let late = at(THREE).plus_minutes(12);
    assert_eq!(rule(run(&door, "ha", late, survey(1, answers(5)))), "conflict");
    assert_eq!(run(&door, "minh", late, survey(1, answers(5))), Ok(Receipt::SurveyRecorded {}));
    let standing = "SELECT COUNT(*) FROM call WHERE purpose = 3 AND undone_at IS NULL";
    assert_eq!(number(&door, standing), 1);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM call WHERE recorded_late_at IS NOT NULL"), 1);
    assert_eq!(number(&door, "SELECT attempts FROM matter WHERE purpose = 3"), 3);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM survey WHERE state = 'answered'"), 1);
    assert_eq!(check(&door), Ok(Vec::new()));
}

#[test]
fn no_agent_records_a_survey_that_another_has_open() {
    let door = cases(1);
    consulted(&door, 1);
    run(&door, "minh", at(THREE), claim()).unwrap();
    assert_eq!(refused(&door, "ha", survey(1, answers(5))), "not_your_lease");
}

#[test]
fn the_agent_who_registered_the_customer_does_not_ask_how_it_was() {
    let door = cases(1);
    consulted(&door, 1);
    assert_eq!(refused(&door, "lan", survey(1, answers(5))), "registered_by_you");
}

#[test]
fn answers_lie_on_their_scales_and_an_empty_sheet_is_none() {
    let door = cases(1);
    consulted(&door, 1);
    let wrong = [
        SurveyAnswers { q1: Some(8), ..answers(5) },
        SurveyAnswers { q6: Some(11), ..answers(5) },
        answers(0),
        answers(6),
    ];
    for sheet in wrong {
        assert_eq!(refused(&door, "minh", survey(1, sheet)), "answer_out_of_range");
    }
    let empty = SurveyAnswers { comment: Some("  ".to_owned()), ..SurveyAnswers::default() };
    assert_eq!(refused(&door, "minh", survey(1, empty)), "field_invalid");
    let long = SurveyAnswers { comment: Some("x".repeat(1_001)), ..answers(5) };
    assert_eq!(refused(&door, "minh", survey(1, long)), "field_invalid");
    let handbook = SurveyAnswers { handbook_received: Some(true), ..SurveyAnswers::default() };
    run(&door, "minh", at(THREE), survey(1, handbook)).unwrap();
}

#[test]
fn only_a_consulted_customer_who_agreed_to_it_is_surveyed() {
    let door = hotline();
    run(&door, "lan", at("2026-12-01T09:00"), register(1, false)).unwrap();
    run(&door, "lan", at("2026-12-01T09:00"), register(2, true)).unwrap();
    hand_over(&door, BatchId(1));
    booked(&door, 2, "2026-12-02T14:00");
    assert_eq!(refused(&door, "minh", survey(2, answers(5))), "case_not_ready");
    assert_eq!(refused(&door, "minh", survey(9, answers(5))), "no_such_row");
    assert_eq!(refused(&door, "thu", survey(2, answers(5))), "forbidden");
    let door = hotline();
    run(&door, "lan", at("2026-12-01T09:00"), register(1, false)).unwrap();
    hand_over(&door, BatchId(1));
    consulted(&door, 1);
    assert_eq!(refused(&door, "minh", survey(1, answers(5))), "conflict");
}

#[test]
fn the_measures_count_answers_and_leave_silence_out() {
    let door = cases(4);
    assert_eq!((measured(&door).csat.value, measured(&door).response_rate), (None, None));
    all_consulted(&door, 4);
    run(&door, "minh", at(THREE), survey(1, answers(5))).unwrap();
    run(&door, "minh", at(THREE), survey(2, SurveyAnswers { q6: Some(0), ..answers(4) })).unwrap();
    let silent = SurveyAnswers { q1: Some(3), ..SurveyAnswers::default() };
    run(&door, "minh", at(THREE), survey(3, silent)).unwrap();
    run(&door, "minh", at(THREE), claim()).unwrap();
    let declined = ended(Purpose::Survey.matter_id(CustomerId(4)), Disposition::Declined);
    run(&door, "minh", at(THREE), declined).unwrap();

    let measured = measured(&door);
    assert_eq!((measured.csat.value, measured.csat.n), (Some(1.0), 2));
    assert_eq!(measured.csat.high, Some(1.0));
    assert!((measured.csat.low.unwrap() - 0.3424).abs() < 0.0001, "{:?}", measured.csat);
    assert_eq!((measured.nps.value, measured.nps.n), (Some(0.0), 2));
    assert_eq!((measured.ces.value, measured.ces.n), (Some(5.0), 3));
    assert_eq!(measured.response_rate, Some(0.75));
    // Two answers could name a person: the department is Vinmec's until there are five.
    assert_eq!(measured.by_department.len(), 0);
    let Snapshot::Satisfaction(own) = ask(&door, "quan", at(THREE), Query::Satisfaction {}).unwrap() else {
        panic!("no measures")
    };
    assert_eq!(own.by_department[&Department::NoiTongHop], measured.csat);
}
