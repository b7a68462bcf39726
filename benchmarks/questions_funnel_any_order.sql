with e as (
    select distinct_no p, ts, event_code c from {events}
    where event_code in ($event_1, $event_2, $event_3)
        and ts >= timestamp '2024-01-01' and ts <= timestamp '2024-06-29'
), line as (
    select p, ts s,
        min(case when c = $event_1 then ts end) over w a,
        min(case when c = $event_2 then ts end) over w b,
        min(case when c = $event_3 then ts end) over w c
    from e window w as (partition by p order by ts range between current row and interval 14 day following)
), attempts as (
    select p, s, list_sort([t for t in [a, b, c] if t is not null]) as times from line where s < timestamp '2024-06-15'
), best as (select p, arg_min(times, (-len(times), s)) t from attempts group by p)
select 1, count(*), 0.0, 0.0 from best
union all select 2, count(*), avg(epoch_us(t[2]) - epoch_us(t[1])) / 1e6, median(epoch_us(t[2]) - epoch_us(t[1])) / 1e6
from best where len(t) >= 2
union all select 3, count(*), avg(epoch_us(t[3]) - epoch_us(t[2])) / 1e6, median(epoch_us(t[3]) - epoch_us(t[2])) / 1e6
from best where len(t) >= 3
