with active as (
    select distinct account_no p, (ts::date - date '2024-02-26') // 7 as w from {events}
    where event_code = $event_1 and ts >= timestamp '2024-02-26' and ts < timestamp '2024-05-27'
        and account_no is not null
), bits as (select p, bit_or(1 << w::int) b from active group by 1)
, firsts as (
    select account_no p, (min(ts)::date - date '2024-02-26') // 7 as f from {all_events}
    where event_code = $event_1 and account_no is not null group by 1
)
select w - 1 as week,
    count(*) filter (((b >> w::int) & 1) = 1 and f = w),
    count(*) filter (((b >> (w - 1)::int) & 3) = 3),
    count(*) filter (((b >> w::int) & 1) = 1 and ((b >> (w - 1)::int) & 1) = 0 and f < w),
    -count(*) filter (((b >> w::int) & 1) = 0 and ((b >> (w - 1)::int) & 1) = 1)
from bits join firsts using (p), range(1, 13) weeks(w)
group by w
