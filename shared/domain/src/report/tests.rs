use super::*;
use crate::window::Window;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn rollup(start: &str, kind: &str, micro: u128, events: u64) -> Rollup {
    Rollup {
        start: at(start),
        group: kind.to_owned(),
        amount: Amount { credits: Credits::from_micro(micro), events },
    }
}

fn parameters(
    from: &str,
    to: &str,
    window: Option<Window>,
    group_by: Option<GroupBy>,
) -> Parameters {
    Parameters { from: Some(at(from)), to: Some(at(to)), window, group_by, ..Parameters::default() }
}

fn ask(from: &str, to: &str, window: Option<Window>, group_by: Option<GroupBy>) -> UsageQuery {
    UsageQuery::new(parameters(from, to, window, group_by), Window::Hour, at(to)).unwrap()
}

fn whole_answer(query: UsageQuery, rollups: &[Rollup]) -> Result<Answer, ReportTooLargeError> {
    let mut report = Report::new(query);
    rollups.iter().cloned().try_for_each(|rollup| report.add(rollup))?;
    Ok(report.answer())
}

fn answer(query: UsageQuery, rollups: &[Rollup]) -> Result<(Total, Vec<Row>), ReportTooLargeError> {
    whole_answer(query, rollups).map(|answer| (answer.total, answer.rows))
}

const FOR_PEOPLE: CsvFormat =
    CsvFormat { readers: CsvFor::Spreadsheets, has_header: true, has_other: false };

#[test]
fn without_a_range_a_report_covers_this_month_so_far() {
    let asked = |now: &str| {
        UsageQuery::new(Parameters::default(), Window::Hour, at(now))
            .map(|query| (query.span.from, query.span.to))
    };
    assert_eq!(
        asked("2026-11-24T10:15:00Z"),
        Ok((at("2026-11-01T00:00:00Z"), at("2026-11-24T11:00:00Z")))
    );
    let to = Some(at("2026-11-01T00:00:00Z"));
    let october = UsageQuery::new(
        Parameters { to, ..Parameters::default() },
        Window::Hour,
        at("2026-11-24T00:00:00Z"),
    );
    assert_eq!(
        october.map(|query| (query.span.from, query.span.to)),
        Ok((at("2026-10-01T00:00:00Z"), at("2026-11-01T00:00:00Z")))
    );
    assert_eq!(
        asked("2026-11-01T00:00:00Z"),
        Ok((at("2026-11-01T00:00:00Z"), at("2026-11-01T01:00:00Z")))
    );
}

#[test]
fn a_report_has_at_most_744_windows() {
    let code = |from: &str, to: &str, window| {
        UsageQuery::new(parameters(from, to, window, None), Window::Hour, at(to))
            .err()
            .map(|(_, invalid)| invalid.code)
    };
    assert_eq!(code("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", Some(Window::Hour)), None);
    assert_eq!(
        code("2026-01-01T00:00:00Z", "2026-02-01T00:00:01Z", Some(Window::Hour)),
        Some("too_many_windows")
    );
    assert_eq!(
        code("1900-01-01T00:00:00Z", "2026-01-01T00:00:00Z", None),
        Some("too_many_windows")
    );
    assert_eq!(code("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", None), Some("invalid_range"));
}

#[test]
fn shards_and_windows_add_up() {
    let rollups = [
        rollup("2026-01-01T10:00:00Z", "chat", 250_000, 1),
        rollup("2026-01-01T10:00:00Z", "search", 1, 1),
        rollup("2026-01-01T10:00:00Z", "chat", 250_000, 2),
        rollup("2026-01-01T11:00:00Z", "chat", 1_000_000, 1),
    ];
    let query = ask(
        "2026-01-01T10:00:00Z",
        "2026-01-01T12:00:00Z",
        Some(Window::Hour),
        Some(GroupBy::Kind),
    );
    let (total, rows) = answer(query, &rollups).unwrap();
    assert_eq!((total.credits.to_string(), total.events), ("1.500001".to_owned(), 5));
    let rows: Vec<String> = rows
        .iter()
        .map(|row| format!("{} {:?} {} {}", row.start, row.group, row.credits, row.events))
        .collect();
    assert_eq!(
        rows,
        [
            "2026-01-01 10:00:00 UTC Some(\"chat\") 0.5 3",
            "2026-01-01 10:00:00 UTC Some(\"search\") 0.000001 1",
            "2026-01-01 11:00:00 UTC Some(\"chat\") 1 1",
        ]
    );
    let (_, rows) =
        answer(ask("2026-01-01T10:00:00Z", "2026-01-01T12:00:00Z", None, None), &rollups).unwrap();
    assert_eq!(
        rows.iter().map(|row| (row.start, row.end, row.events)).collect::<Vec<_>>(),
        [(at("2026-01-01T10:00:00Z"), at("2026-01-01T12:00:00Z"), 5)]
    );
}

#[test]
fn a_report_of_more_rows_than_the_limit_continues_after_the_last_row() {
    // Ten groups in three hours, and a shard that arrives in another order.
    let mut rollups: Vec<Rollup> = (10..13)
        .flat_map(|hour| {
            let start = format!("2026-01-01T{hour}:00:00Z");
            (0..10).map(move |n| rollup(&start, &format!("k{n}"), 1 << n, 1))
        })
        .collect();
    let reversed: Vec<Rollup> = rollups.iter().rev().cloned().collect();
    rollups.extend(reversed);
    let query = ask(
        "2026-01-01T10:00:00Z",
        "2026-01-01T13:00:00Z",
        Some(Window::Hour),
        Some(GroupBy::Kind),
    );
    let all = whole_answer(query.clone(), &rollups).unwrap();
    assert_eq!((all.rows.len(), &all.next), (30, &None));
    for limit in 1..32 {
        let (mut rows, mut after, mut pages) = (Vec::new(), None, 0);
        loop {
            let page =
                whole_answer(UsageQuery { limit, after, ..query.clone() }, &rollups).unwrap();
            assert_eq!(page.total, all.total);
            rows.extend(page.rows);
            pages += 1;
            let Some(next) = page.next else { break };
            assert_eq!(Position::parse(&next.to_string()), Some(next.clone()));
            after = Some(next);
        }
        assert_eq!(rows, all.rows, "{limit}");
        assert_eq!(pages, 30_usize.div_ceil(limit), "{limit}");
    }
}

#[test]
fn a_position_survives_a_round_trip() {
    for group in [RowGroup::Rest, RowGroup::Other, RowGroup::Named("a b|\u{e9} r".to_owned())] {
        let position = Position { start: at("2026-01-01T10:00:00Z"), group };
        assert_eq!(Position::parse(&position.to_string()), Some(position));
    }
    for bad in ["", "2026-01-01T10:00:00Z", "2026-01-01T10:00:00Z x", "noon nchat", "\u{e9} \u{e9}"]
    {
        assert_eq!(Position::parse(bad), None, "{bad}");
    }
}

#[test]
fn with_top_all_other_groups_are_one_row_in_each_window() {
    let rollups = [
        rollup("2026-01-01T10:00:00Z", "a", 5, 1),
        rollup("2026-01-01T10:00:00Z", "b", 9, 1),
        rollup("2026-01-01T10:00:00Z", "c", 1, 1),
        rollup("2026-01-01T11:00:00Z", "a", 5, 1),
        rollup("2026-01-01T11:00:00Z", "c", 8, 2),
        rollup("2026-01-01T11:00:00Z", "d", 2, 1),
    ];
    let query = UsageQuery {
        top: Some(2),
        ..ask(
            "2026-01-01T10:00:00Z",
            "2026-01-01T12:00:00Z",
            Some(Window::Hour),
            Some(GroupBy::Kind),
        )
    };
    // a has 10; b and c have 9, and c has more events.
    let shown = |rows: &[Row]| -> Vec<(u32, Option<String>, bool, u128)> {
        let row = |row: &Row| {
            let hour = chrono::Timelike::hour(&row.start);
            (hour, row.group.clone(), row.other, row.credits.micro())
        };
        rows.iter().map(row).collect()
    };
    let named = |name: &str| Some(name.to_owned());
    let wanted = [
        (10, named("a"), false, 5),
        (10, named("c"), false, 1),
        (10, None, true, 9),
        (11, named("a"), false, 5),
        (11, named("c"), false, 8),
        (11, None, true, 2),
    ];
    let all = whole_answer(query.clone(), &rollups).unwrap();
    assert_eq!(shown(&all.rows), wanted);
    assert_eq!((all.total.credits.micro(), all.total.events), (30, 7));
    let first = whole_answer(UsageQuery { limit: 3, ..query.clone() }, &rollups).unwrap();
    let rest = UsageQuery { after: first.next, ..query.clone() };
    assert_eq!(shown(&whole_answer(rest, &rollups).unwrap().rows), wanted[3..]);
    let format = CsvFormat { has_other: true, ..FOR_PEOPLE };
    assert!(csv(&all.rows, format).starts_with(
        "start,end,group,credits,events,other\n\
         2026-01-01T10:00:00Z,2026-01-01T11:00:00Z,a,0.000005,1,false\n"
    ));
    assert!(csv(&all.rows, format).contains(",,0.000009,1,true\n"));
    assert!(!csv(&all.rows, CsvFormat { has_header: false, ..format }).contains("start"));

    let long = "x".repeat(1024);
    let many: Vec<Rollup> =
        (0..15_000).map(|i| rollup("2026-01-01T10:00:00Z", &format!("{i}{long}"), 1, 1)).collect();
    assert_eq!(answer(query.clone(), &many).err(), Some(ReportTooLargeError));
    assert!(answer(query, &many[..14_000]).is_ok());
}

#[test]
fn a_report_adds_up_at_most_200_000_counters() {
    let one = rollup("2026-01-01T10:00:00Z", "chat", 1, 1);
    let many = vec![one; 200_001];
    let query = ask("2026-01-01T10:00:00Z", "2026-01-01T12:00:00Z", None, None);
    assert_eq!(answer(query.clone(), &many).err(), Some(ReportTooLargeError));
    assert!(answer(query, &many[1..]).is_ok());
}

#[test]
fn a_report_about_one_resource_has_at_most_744_days_in_all_windows() {
    let code = |from: &str| {
        let asked = parameters(from, "2026-02-01T00:00:00Z", Some(Window::Month), None);
        let asked = Parameters { resource_id: Some("r".to_owned()), ..asked };
        UsageQuery::new(asked, Window::Hour, at("2026-02-01T00:00:00Z"))
            .err()
            .map(|(_, invalid)| invalid.code)
    };
    assert_eq!(code("2024-02-01T00:00:00Z"), None);
    assert_eq!(code("2024-01-01T00:00:00Z"), Some("too_many_windows"));
}

#[test]
fn parameters_that_cannot_be_combined_are_rejected() {
    let code = |change: Parameters| {
        let month = parameters("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", None, None);
        let asked = Parameters { from: month.from, to: month.to, ..change };
        UsageQuery::new(asked, Window::Hour, at("2026-02-01T00:00:00Z"))
            .map(|query| query.filter)
            .map_err(|(field, invalid)| (field, invalid.code))
    };
    let one = || Some("x".to_owned());
    let none = Parameters::default;
    let not_available = |field| Err((field, "not_available"));
    assert_eq!(code(Parameters { kind: one(), ..none() }), Ok(one().map(Filter::Kind)));
    let twice = Parameters { kind: one(), user_id: one(), ..none() };
    assert_eq!(code(twice), not_available("/user_id"));
    let twice = Parameters { kind: one(), resource_id: one(), ..none() };
    assert_eq!(code(twice), not_available("/resource_id"));
    assert_eq!(code(Parameters { top: Some(3), ..none() }), not_available("/top"));
    for (asked, group_by, is_available) in [
        (Parameters { kind: one(), ..none() }, GroupBy::Org, true),
        (Parameters { kind: one(), ..none() }, GroupBy::Member, false),
        (Parameters { resource_id: one(), ..none() }, GroupBy::Resource, true),
        (Parameters { resource_id: one(), ..none() }, GroupBy::Kind, false),
        (Parameters { user_id: one(), ..none() }, GroupBy::Member, true),
        (Parameters { user_id: one(), ..none() }, GroupBy::Resource, false),
    ] {
        let asked = Parameters { group_by: Some(group_by), ..asked };
        assert_eq!(code(asked).is_ok(), is_available, "{group_by:?}");
    }
    let hours = Parameters { resource_id: one(), window: Some(Window::Hour), ..none() };
    assert_eq!(code(hours), Err(("/window", "no_hours")));
    let hours = Parameters { kind: one(), window: Some(Window::Hour), ..none() };
    assert!(code(hours).is_ok());
}

#[test]
fn a_range_without_hourly_counters_is_widened_to_days() {
    let asked = |window, from, to| {
        let asked = parameters(from, to, window, Some(GroupBy::Member));
        UsageQuery::new(asked, Window::Hour, at(to))
            .map(|query| (query.span.from, query.span.to))
            .map_err(|(field, invalid)| (field, invalid.code))
    };
    let noon = "2026-01-15T12:00:00Z";
    assert_eq!(
        asked(None, "2026-01-14T23:59:59Z", noon),
        Ok((at("2026-01-14T00:00:00Z"), at("2026-01-16T00:00:00Z")))
    );
    assert_eq!(
        asked(Some(Window::Hour), "2026-01-14T00:00:00Z", noon),
        Err(("/window", "no_hours"))
    );
    assert_eq!(asked(None, "2023-01-01T00:00:00Z", noon), Err(("/from", "too_many_windows")));
    assert!(asked(Some(Window::Month), "2023-01-01T00:00:00Z", noon).is_ok());
}

#[test]
fn voided_events_leave_no_row() {
    let query = ask("2026-01-01T10:00:00Z", "2026-01-01T12:00:00Z", None, Some(GroupBy::Kind));
    let (total, rows) = answer(
        query,
        &[
            rollup("2026-01-01T10:00:00Z", "chat", 0, 0),
            rollup("2026-01-01T10:00:00Z", "search", 0, 1),
        ],
    )
    .unwrap();
    assert_eq!(total.events, 1);
    assert_eq!(rows.iter().map(|row| row.group.as_deref()).collect::<Vec<_>>(), [Some("search")]);
}

#[test]
fn csv_quotes_groups_with_commas_quotes_and_line_breaks() {
    let query = ask("2026-01-01T10:00:00Z", "2026-01-01T12:00:00Z", None, Some(GroupBy::Kind));
    let (_, rows) =
        answer(query.clone(), &[rollup("2026-01-01T10:00:00Z", "a \"b\",\nc", 250_000, 3)])
            .unwrap();
    assert_eq!(
        csv(&rows, FOR_PEOPLE),
        "start,end,group,credits,events\n2026-01-01T10:00:00Z,2026-01-01T12:00:00Z,\"a \"\"b\"\",\nc\",0.25,3\n"
    );
    let (_, rows) = answer(
        UsageQuery { group_by: None, ..query },
        &[rollup("2026-01-01T10:00:00Z", "x", 1, 1)],
    )
    .unwrap();
    assert_eq!(
        csv(&rows, FOR_PEOPLE),
        "start,end,group,credits,events\n2026-01-01T10:00:00Z,2026-01-01T12:00:00Z,,0.000001,1\n"
    );
}

#[test]
fn csv_escapes_groups_that_look_like_formulas() {
    for text in ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠a"] {
        let (start, end) = (at("2026-01-01T10:00:00Z"), at("2026-01-01T11:00:00Z"));
        let row = Row {
            start,
            end,
            group: Some(text.to_owned()),
            other: false,
            credits: Credits::from_micro(1),
            events: 1,
        };
        let group = |readers| {
            let csv = csv(std::slice::from_ref(&row), CsvFormat { readers, ..FOR_PEOPLE });
            csv.split(',').nth(6).unwrap().trim_matches('"').to_owned()
        };
        assert_eq!(group(CsvFor::Spreadsheets), format!("'{text}"));
        assert_eq!(group(CsvFor::Programs), text);
    }
    // A spreadsheet that splits lines at semicolons must not see `=1` at the start of a cell.
    let query = ask("2026-01-01T10:00:00Z", "2026-01-01T12:00:00Z", None, Some(GroupBy::Kind));
    let (_, rows) = answer(query, &[rollup("2026-01-01T10:00:00Z", "a;=1", 1, 1)]).unwrap();
    assert!(csv(&rows, FOR_PEOPLE).contains(",\"a;=1\","));
}

fn add_whole(report: &mut Report, rollup: &Rollup) {
    report.add_whole(rollup.start, rollup.amount);
}

#[test]
fn usage_without_a_group_is_a_row_of_its_own() {
    let query = ask(
        "2026-01-01T00:00:00Z",
        "2026-01-03T00:00:00Z",
        Some(Window::Day),
        Some(GroupBy::Member),
    );
    let mut report = Report::new(query);
    report.add(rollup("2026-01-01T00:00:00Z", "ann", 2, 1)).unwrap();
    report.add(rollup("2026-01-02T00:00:00Z", "ann", 4, 1)).unwrap();
    add_whole(&mut report, &rollup("2026-01-01T00:00:00Z", "chat", 2, 1));
    add_whole(&mut report, &rollup("2026-01-01T00:00:00Z", "image", 10, 3));
    // Loaded before the group's counter was raised.
    add_whole(&mut report, &rollup("2026-01-02T00:00:00Z", "chat", 1, 1));
    let Answer { total, rows, .. } = report.answer();
    assert_eq!((total.credits.micro(), total.events), (16, 5));
    let rows: Vec<_> = rows
        .iter()
        .map(|row| (row.start.to_string(), row.group.as_deref(), row.credits.micro(), row.events))
        .collect();
    let [first, second] = ["2026-01-01 00:00:00 UTC", "2026-01-02 00:00:00 UTC"].map(str::to_owned);
    assert_eq!(
        rows,
        [(first.clone(), None, 10, 3), (first, Some("ann"), 2, 1), (second, Some("ann"), 4, 1)]
    );
}
