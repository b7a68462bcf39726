with e as (
    select distinct_no p, ts, event_code c from {events}
    where event_code in ($event_1, $event_2) and ts >= timestamp '2024-01-01' and ts <= timestamp '2024-06-29'
), attempts as (
    select a.p, arg_min(b.ts - a.ts, a.ts) as took
    from (select * from e where c = $event_1 and ts < timestamp '2024-06-15') a
    asof join (select * from e where c = $event_2) b on b.p = a.p and a.ts <= b.ts
    where b.ts <= a.ts + interval 14 day group by a.p
)
select epoch_us(took) // 86400000000 * 86400, count(*) from attempts group by all
