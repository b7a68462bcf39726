with e as (
    select distinct_no p, ts, event_code c from {events}
    where ts >= timestamp '2024-01-01' and ts <= timestamp '2024-06-29'
        and distinct_no in (select distinct_no from {events} where event_code = $event_1 and ts < timestamp '2024-06-15')
), line as (
    select p, c, ts s, lead(ts) over (partition by p order by ts) t2 from e
), attempts as (
    select p, s, case when t2 <= s + interval 14 day then t2 end as t2
    from line where c = $event_1 and s < timestamp '2024-06-15'
), best as (select p, arg_min(t2 - s, (t2 is null, s)) took from attempts group by p)
select 1, count(*), 0.0, 0.0 from best
union all select 2, count(*), avg(epoch_us(took)) / 1e6, median(epoch_us(took)) / 1e6 from best where took is not null
