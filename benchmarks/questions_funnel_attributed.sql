with e as (
    select distinct_no p, ts, event_code c, coalesce(variant_extract(properties, 'plan')::varchar, '(none)') as plan
    from {events}
    where event_code in ($event_1, $event_2) and ts >= timestamp '2024-01-01' and ts <= timestamp '2024-06-29'
), attempts as (
    select a.p, arg_min({'n': case when b.ts <= a.ts + interval 14 day then 2 else 1 end,
        'plan': case when b.ts <= a.ts + interval 14 day then b.plan else a.plan end},
        (coalesce(b.ts > a.ts + interval 14 day, true), a.ts)) as best
    from (select * from e where c = $event_1 and ts < timestamp '2024-06-15') a
    asof left join (select * from e where c = $event_2) b on b.p = a.p and a.ts <= b.ts
    group by a.p
)
select 1, best.plan, count(*) from attempts group by 2
union all select 2, best.plan, count(*) filter (best.n = 2) from attempts group by 2
