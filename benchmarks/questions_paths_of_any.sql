with e as (
    select distinct_no p, ts, event_code c,
        coalesce(ts - lag(ts) over w >= interval 7 day, true) as is_new,
        coalesce(event_code <> lag(event_code) over w, true) as is_other
    from {events} where ts >= timestamp '2024-01-01' and ts < timestamp '2024-06-24'
    window w as (partition by distinct_no order by ts)
), sessions as (
    select p, ts, c, sum(is_new::int) over (partition by p order by ts rows unbounded preceding) as s
    from e where is_new or is_other
), edges as (
    select p, row_number() over w as step, c, lead(c) over w as to_c, lead(ts) over w - ts as took
    from sessions window w as (partition by p, s order by ts)
    qualify step < 5 and to_c is not null
), counted as (
    select step, c, to_c, count(distinct p) as n, median(epoch_us(took)) / 1e6 as took from edges group by 1, 2, 3
)
select step, n, took from counted order by n desc, step, c, to_c limit 50
