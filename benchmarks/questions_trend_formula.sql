select week, '' as grp, 100.0 * a / b from (
    select (ts::date - date '2024-03-04') // 7 as week, count(*) filter (event_code = $event_1) a,
        count(*) filter (event_code = $event_2) b
    from {events}
    where event_code in ($event_1, $event_2) and ts >= timestamp '2024-03-04' and ts < timestamp '2024-06-03'
    group by week
) where a > 0 and b > 0
