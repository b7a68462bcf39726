with e as (
    select account_no p, ts, event_code c from {events}
    where event_code in ($event_1, $event_2, $event_3) and account_no is not null
        and ts >= timestamp '2024-01-01' and ts <= timestamp '2024-06-29'
), s2 as (
    select a.p, a.ts as s, case when b.ts <= a.ts + interval 14 day then b.ts end as t2
    from (select * from e where c = $event_1 and ts < timestamp '2024-06-15') a
    asof left join (select * from e where c = $event_2) b on b.p = a.p and a.ts <= b.ts
), s3 as (
    select a.p, a.s, a.t2, case when b.ts <= a.s + interval 14 day then b.ts end as t3
    from s2 a asof left join (select * from e where c = $event_3) b on b.p = a.p and a.t2 <= b.ts
), best as (
    select p, arg_min({'s': s, 't2': t2, 't3': t3}, (t3 is null, t2 is null, s)) as a from s3 group by p
)
select 1, count(*), 0.0, 0.0 from best
union all select 2, count(a.t2), avg(epoch_us(a.t2) - epoch_us(a.s)) / 1e6, median(epoch_us(a.t2) - epoch_us(a.s)) / 1e6
from best
union all select 3, count(a.t3), avg(epoch_us(a.t3) - epoch_us(a.t2)) / 1e6,
    median(epoch_us(a.t3) - epoch_us(a.t2)) / 1e6
from best
