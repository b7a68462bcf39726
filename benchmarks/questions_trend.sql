select ts::date - date '2024-05-01' as day, '' as grp, count(distinct distinct_no)
from {events}
where event_code = $event_3 and ts >= timestamp '2024-05-01' and ts < timestamp '2024-05-31'
group by all
