with e as (
    select distinct_no p, ts, event_code c from {events}
    where event_code in ($event_1, $event_2) and ts >= timestamp '2024-01-01' and ts < timestamp '2024-06-29'
), attempts as (
    select a.p, (a.ts::date - date '2024-01-01') // 7 as week, bool_or(b.ts <= a.ts + interval 14 day) as is_done
    from (select * from e where c = $event_1 and ts < timestamp '2024-06-10') a
    asof left join (select * from e where c = $event_2) b on b.p = a.p and a.ts <= b.ts
    group by all
)
select week, count(*), count(*) filter (is_done) from attempts group by week
