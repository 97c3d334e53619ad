use super::*;

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

fn ask(from: &str, to: &str, window: Option<Window>, group_by: Option<GroupBy>) -> UsageQuery {
    UsageQuery::new(Some(at(from)), Some(at(to)), window, group_by, Window::Hour, at(to)).unwrap()
}

fn answer(query: UsageQuery, rollups: &[Rollup]) -> Result<(Total, Vec<Row>), ReportTooLargeError> {
    let mut report = Report::new(query);
    rollups.iter().cloned().try_for_each(|rollup| report.add(rollup))?;
    Ok(report.answer())
}

#[test]
fn without_a_range_a_report_covers_this_month_so_far() {
    let asked = |now: &str| {
        UsageQuery::new(None, None, None, None, Window::Hour, at(now))
            .map(|query| (query.span.from, query.span.to))
    };
    assert_eq!(
        asked("2026-11-24T10:15:00Z"),
        Ok((at("2026-11-01T00:00:00Z"), at("2026-11-24T11:00:00Z")))
    );
    let october = UsageQuery::new(
        None,
        Some(at("2026-11-01T00:00:00Z")),
        None,
        None,
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
        UsageQuery::new(Some(at(from)), Some(at(to)), window, None, Window::Hour, at(to))
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
fn a_report_of_more_than_ten_thousand_rows_is_rejected() {
    let rollups: Vec<Rollup> =
        (0..10_001).map(|i| rollup("2026-01-01T10:00:00Z", &format!("k{i}"), 1, 1)).collect();
    let query = ask("2026-01-01T10:00:00Z", "2026-01-01T12:00:00Z", None, Some(GroupBy::Kind));
    assert_eq!(answer(query, &rollups).err(), Some(ReportTooLargeError));
    assert!(answer(query, &rollups[1..]).is_ok());
}

#[test]
fn a_range_without_hourly_counters_is_widened_to_days() {
    let asked = |window, from, to| {
        UsageQuery::new(
            Some(at(from)),
            Some(at(to)),
            window,
            Some(GroupBy::Member),
            Window::Day,
            at(to),
        )
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
        answer(query, &[rollup("2026-01-01T10:00:00Z", "a \"b\",\nc", 250_000, 3)]).unwrap();
    assert_eq!(
        csv(&rows, CsvFor::Spreadsheets),
        "start,end,group,credits,events\n2026-01-01T10:00:00Z,2026-01-01T12:00:00Z,\"a \"\"b\"\",\nc\",0.25,3\n"
    );
    let (_, rows) = answer(
        UsageQuery { group_by: None, ..query },
        &[rollup("2026-01-01T10:00:00Z", "x", 1, 1)],
    )
    .unwrap();
    assert_eq!(
        csv(&rows, CsvFor::Spreadsheets),
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
            credits: Credits::from_micro(1),
            events: 1,
        };
        let group = |readers| {
            let csv = csv(std::slice::from_ref(&row), readers);
            csv.split(',').nth(6).unwrap().trim_matches('"').to_owned()
        };
        assert_eq!(group(CsvFor::Spreadsheets), format!("'{text}"));
        assert_eq!(group(CsvFor::Programs), text);
    }
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
    report.add_whole(&rollup("2026-01-01T00:00:00Z", "chat", 2, 1));
    report.add_whole(&rollup("2026-01-01T00:00:00Z", "image", 10, 3));
    // Loaded before the group's counter was raised.
    report.add_whole(&rollup("2026-01-02T00:00:00Z", "chat", 1, 1));
    let (total, rows) = report.answer();
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
