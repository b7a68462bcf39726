select (ts::date - date '2024-01-01') // 7 as week, '' as grp, count(distinct distinct_no)
from {events}
where ts >= timestamp '2024-01-01' and ts < timestamp '2024-06-24'
group by all
