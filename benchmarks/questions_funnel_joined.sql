with e as (
    select coalesce(person_no, distinct_no) p, ts, event_code c from {events} left join {person_map} using (distinct_no)
    where event_code in ($event_1, $event_2, $event_3, $event_4)
        and ts >= timestamp '2024-01-01' and ts <= timestamp '2024-06-29'
), s1 as (select p, ts as s from e where c = $event_1 and ts < timestamp '2024-06-15')
, s2 as (
    select a.p, a.s, min(b.ts) t2 from s1 a join e b
    on b.p = a.p and b.c = $event_2 and b.ts >= a.s and b.ts <= a.s + interval 14 day group by all
), s3 as (
    select a.p, a.s, a.t2, min(b.ts) t3 from s2 a join e b
    on b.p = a.p and b.c = $event_3 and b.ts >= a.t2 and b.ts <= a.s + interval 14 day group by all
), s4 as (
    select a.p, a.s, a.t2, a.t3, min(b.ts) t4 from s3 a join e b
    on b.p = a.p and b.c = $event_4 and b.ts >= a.t3 and b.ts <= a.s + interval 14 day group by all
), attempts as (
    select p, 1 as n, min(s) s, null::timestamp t2, null::timestamp t3, null::timestamp t4 from s1 group by p
    union all select p, 2, min(s), arg_min(t2, s), null, null from s2 group by p
    union all select p, 3, min(s), arg_min(t2, s), arg_min(t3, s), null from s3 group by p
    union all select p, 4, min(s), arg_min(t2, s), arg_min(t3, s), arg_min(t4, s) from s4 group by p
), best as (
    select p, max(n) n, arg_max(s, n) s, arg_max(t2, n) t2, arg_max(t3, n) t3, arg_max(t4, n) t4 from attempts group by p
)
select 1, count(*), 0.0, 0.0 from best
union all select 2, count(*), avg(epoch_us(t2) - epoch_us(s)) / 1e6, median(epoch_us(t2) - epoch_us(s)) / 1e6
from best where n >= 2
union all select 3, count(*), avg(epoch_us(t3) - epoch_us(t2)) / 1e6, median(epoch_us(t3) - epoch_us(t2)) / 1e6
from best where n >= 3
union all select 4, count(*), avg(epoch_us(t4) - epoch_us(t3)) / 1e6, median(epoch_us(t4) - epoch_us(t3)) / 1e6
from best where n >= 4
