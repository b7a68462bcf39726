with days as (
    select ts::date as day, count(distinct distinct_no) as n from {events}
    where event_code = $event_3 and (ts >= timestamp '2024-05-01' and ts < timestamp '2024-05-31'
        or ts >= timestamp '2023-05-01' and ts < timestamp '2023-05-31')
    group by 1
)
select later.day - date '2024-05-01', '' as grp, later.n, earlier.n
from days later join days earlier on earlier.day = later.day - interval 1 year
