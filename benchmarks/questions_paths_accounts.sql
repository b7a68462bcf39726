with points as (
    select account_no p, min(ts) began from {events}
    where event_code = $event_1 and ts >= timestamp '2024-05-01' and ts < timestamp '2024-05-31'
        and account_no is not null group by 1
), e as (
    select account_no p, ts, event_code c,
        row_number() over w as n,
        coalesce(ts - lag(ts) over w >= interval 1 hour, true) as is_new,
        coalesce(event_code <> lag(event_code) over w, true) as is_other
    from {events} join points on points.p = account_no
    where ts >= began and ts >= timestamp '2024-05-01' and ts < timestamp '2024-05-31'
    window w as (partition by account_no order by ts)
), sessions as (
    select p, ts, c, n, is_new or is_other as is_step, sum(is_new::int) over (partition by p order by n) as s from e
), begun as (
    select p, s, min(n) as first from sessions where c = $event_1 group by 1, 2
), steps as (
    select p, s, c, ts, row_number() over (partition by p, s order by n) as step
    from sessions join begun using (p, s) where n >= first and (is_step or n = first)
    qualify step <= 5
), edges as (
    select step, p, c, lead(c) over w as to_c, lead(ts) over w - ts as took
    from steps window w as (partition by p, s order by step)
), counted as (
    select step, c, to_c, count(distinct p) as n, median(epoch_us(took)) / 1e6 as took
    from edges where to_c is not null group by 1, 2, 3
)
select step, n, took from counted order by n desc, step, c, to_c limit 20
