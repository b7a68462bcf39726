with e as (
    select distinct_no p, ts, event_code c from {events}
    where event_code in ($event_1, $event_2, $event_3) and ts >= timestamp '2024-01-01' and ts <= timestamp '2024-06-29'
), s1 as (select p, ts as s from e where c = $event_1 and ts < timestamp '2024-06-15')
, s3 as (
    select a.p, a.s, min(b.ts) t3 from s1 a join e b
    on b.p = a.p and b.c = $event_3 and b.ts >= a.s and b.ts <= a.s + interval 14 day group by all
), attempts as (
    select p, 1 as n, min(s) s, null::timestamp t3 from s1 group by p
    union all select p, 2, min(s), arg_min(t3, s) from s3 group by p
), best as (select p, max(n) n, arg_max(s, n) s, arg_max(t3, n) t3 from attempts group by p)
, aside as (
    select best.p, min(b.ts) - any_value(best.s) took from best join e b
    on b.p = best.p and b.c = $event_2 and b.ts >= best.s and b.ts <= coalesce(best.t3, best.s + interval 14 day)
    group by best.p
)
select 1, count(*), 0.0, 0.0 from best
union all select 2, count(*), avg(epoch_us(took)) / 1e6, median(epoch_us(took)) / 1e6 from aside
union all select 3, count(*), avg(epoch_us(t3) - epoch_us(s)) / 1e6, median(epoch_us(t3) - epoch_us(s)) / 1e6
from best where n >= 2
