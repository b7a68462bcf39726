with began as (
    select distinct_no p, min(first_ts) t from {first_seen} where event_code = $event_1 group by distinct_no
    having min(first_ts) >= timestamp '2024-03-01' and min(first_ts) < timestamp '2024-05-16'
), e as (
    select b.p, event_code c, ts < t + interval 7 day as is_first from {events} join began b on b.p = distinct_no
    where ts >= timestamp '2024-03-01' and ts < timestamp '2024-06-13' and ts >= t and ts < t + interval 28 day
), people as (select p, max(e.p is not null and not is_first)::int y from began b left join e using (p) group by p)
, everybody as (select count(*) n, sum(y)::bigint later from people)
, done as (
    select c, count(*) n, sum(y)::bigint later from (select distinct p, c from e where is_first) join people using (p)
    where c <> $event_1 group by c
)
select done.n, done.later, everybody.n - done.n, everybody.later - done.later from done, everybody
