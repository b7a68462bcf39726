select day, '' as grp, sum(n) over (order by day)::bigint from (
    select first as day, count(*) n from (
        select min(ts)::date - date '2024-05-01' as first from {events}
        where event_code = $event_3 and ts >= timestamp '2024-05-01' and ts < timestamp '2024-05-31'
        group by distinct_no
    ) group by day
)
