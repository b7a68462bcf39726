select day, grp, mean from (
    select day, '' as grp, avg(n) over (order by day rows 6 preceding) as mean from (
        select ts::date - date '2024-05-01' as day, count(*) n from {events}
        where event_code = $event_3 and ts >= timestamp '2024-04-25' and ts < timestamp '2024-05-31'
        group by day
    )
) where day >= 0
