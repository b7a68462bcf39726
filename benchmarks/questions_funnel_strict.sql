with e as (
    select distinct_no p, ts, event_code c from {events}
    where ts >= timestamp '2024-01-01' and ts <= timestamp '2024-06-29'
        and distinct_no in (select distinct_no from {events} where event_code = $event_1 and ts < timestamp '2024-06-15')
), line as (
    select p, c, ts s, lead(c) over w c2, lead(ts) over w t2, lead(c, 2) over w c3, lead(ts, 2) over w t3
    from e window w as (partition by p order by ts)
), attempts as (
    select p, s, t2, t3, case
        when c2 is distinct from $event_2 or t2 > s + interval 14 day then 1
        when c3 is distinct from $event_1 or t3 > s + interval 14 day then 2
        else 3 end as n
    from line where c = $event_1 and s < timestamp '2024-06-15'
), best as (select p, max(n) n, arg_min({'s': s, 't2': t2, 't3': t3}, (-n, s)) a from attempts group by p)
select 1, count(*), 0.0, 0.0 from best
union all select 2, count(*), avg(epoch_us(a.t2) - epoch_us(a.s)) / 1e6, median(epoch_us(a.t2) - epoch_us(a.s)) / 1e6
from best where n >= 2
union all select 3, count(*), avg(epoch_us(a.t3) - epoch_us(a.t2)) / 1e6, median(epoch_us(a.t3) - epoch_us(a.t2)) / 1e6
from best where n >= 3
