with e as (
    select distinct_no p, ts, event_code c from {events}
    where event_code in ($event_1, $event_2, $event_3, $event_4)
        and ts >= timestamp '2024-01-01' and ts <= timestamp '2024-06-29'
), s1 as (
    select a.p, a.ts as s, least(coalesce(x.ts, timestamp '2100-01-01'), a.ts + interval 14 day) as until
    from (select * from e where c = $event_1 and ts < timestamp '2024-06-15') a
    asof left join (select * from e where c = $event_4) x on x.p = a.p and a.ts < x.ts
), s2 as (
    select a.p, a.s, a.until, min(b.ts) t2 from s1 a join e b
    on b.p = a.p and b.c = $event_2 and b.ts >= a.s and b.ts <= a.until group by all
), s3 as (
    select a.p, a.s, a.t2, min(b.ts) t3 from s2 a join e b
    on b.p = a.p and b.c = $event_3 and b.ts >= a.t2 and b.ts <= a.until group by all
), attempts as (
    select p, 1 as n, min(s) s, null::timestamp t2, null::timestamp t3 from s1 group by p
    union all select p, 2, min(s), arg_min(t2, s), null from s2 group by p
    union all select p, 3, min(s), arg_min(t2, s), arg_min(t3, s) from s3 group by p
), best as (select p, max(n) n, arg_max(s, n) s, arg_max(t2, n) t2, arg_max(t3, n) t3 from attempts group by p)
select 1, count(*), 0.0, 0.0 from best
union all select 2, count(*), avg(epoch_us(t2) - epoch_us(s)) / 1e6, median(epoch_us(t2) - epoch_us(s)) / 1e6
from best where n >= 2
union all select 3, count(*), avg(epoch_us(t3) - epoch_us(t2)) / 1e6, median(epoch_us(t3) - epoch_us(t2)) / 1e6
from best where n >= 3
