with days as (
    select ts::date - date '2024-04-01' as day, count(distinct distinct_no) as n from {events}
    where event_code = $event_3 and ts >= timestamp '2024-04-01' and ts < timestamp '2024-05-31' group by 1
)
select later.day - 30, '' as grp, later.n, earlier.n from days later join days earlier on earlier.day = later.day - 30
