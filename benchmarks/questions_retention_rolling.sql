with t as (
    select distinct_no p, (ts::date - date '2024-03-04') // 7 as i, min(epoch_us(ts)) as began from {events}
    where event_code = $event_2 and ts >= timestamp '2024-03-04' and ts < timestamp '2024-04-29' group by all
), r as (
    select distinct_no p, epoch_us(ts) as back from {events}
    where event_code = $event_3 and ts >= timestamp '2024-03-04' and ts < timestamp '2024-05-06'
), m as (
    select p, i, bit_or(1 << ((back - began) // 604800000000)::int) as m from t join r using (p)
    where back >= began + 604800000000 and (back - began) // 604800000000 < 8 - i group by all
), pairs as (select i, m, count(*) as n from m group by all)
select i, 0, count(*) from t group by i
union all select i, j, sum(n)::bigint from pairs, range(1, 8) columns(j) where (m >> j::int) & 1 = 1 group by all
