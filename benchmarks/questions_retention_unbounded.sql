with bits as (
    select distinct_no p,
        bit_or(case when event_code = $event_2 and ts < timestamp '2024-04-29'
            then 1 << ((ts::date - date '2024-03-04') // 7)::int else 0 end) as t,
        max(case when event_code = $event_3 then (ts::date - date '2024-03-04') // 7 end) as r
    from {events} where event_code in ($event_2, $event_3) and ts >= timestamp '2024-03-04' group by 1
), pairs as (select t, r, count(*) n from bits where t <> 0 group by all)
select i, j, sum(n)::bigint from pairs, range(8) rows(i), range(8) cols(j)
where i + j < 8 and ((t >> i::int) & 1) = 1 and (j = 0 or r >= i + j)
group by all
