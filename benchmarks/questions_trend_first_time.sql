with firsts as (
    select min(first_ts) f from {first_seen} where event_code = $event_3 group by distinct_no
)
select f::date - date '2024-05-01' as day, '' as grp, count(*)
from firsts where f >= timestamp '2024-05-01' and f < timestamp '2024-05-31'
group by all
