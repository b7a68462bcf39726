with t as (
    select distinct_no p, bit_or(1 << ((ts::date - date '2024-03-04') // 7)::int) as t from {events}
    where event_code = $event_2 and ts >= timestamp '2024-03-04' and ts < timestamp '2024-04-29' group by 1
), weeks as (
    select distinct_no p, (ts::date - date '2024-03-04') // 7 as w from {events}
    where event_code = $event_3 and ts >= timestamp '2024-03-04' and ts < timestamp '2024-04-29'
    group by all having count(*) >= 2
), r as (select p, bit_or(1 << w::int) as r from weeks group by 1)
, pairs as (select t, r, count(*) n from t left join r using (p) group by all)
select i, j, sum(n)::bigint from pairs, range(8) rows(i), range(8) cols(j)
where i + j < 8 and ((t >> i::int) & 1) = 1 and (j = 0 or ((r >> (i + j)::int) & 1) = 1)
group by all
