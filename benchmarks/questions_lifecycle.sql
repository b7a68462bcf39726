with active as (
    select distinct distinct_no p, (ts::date - date '2024-02-26') // 7 as w from {events}
    where event_code = $event_1 and ts >= timestamp '2024-02-26' and ts < timestamp '2024-05-27'
), bits as (select p, bit_or(1 << w::int) b from active group by 1)
, firsts as (
    select distinct_no p, (min(first_ts)::date - date '2024-02-26') // 7 as f from {first_seen}
    where event_code = $event_1 group by 1
)
select w - 1 as week,
    count(*) filter (((b >> w::int) & 1) = 1 and f = w),
    count(*) filter (((b >> (w - 1)::int) & 3) = 3),
    count(*) filter (((b >> w::int) & 1) = 1 and ((b >> (w - 1)::int) & 1) = 0 and f < w),
    -count(*) filter (((b >> w::int) & 1) = 0 and ((b >> (w - 1)::int) & 1) = 1)
from bits join firsts using (p), range(1, 13) weeks(w)
group by w
