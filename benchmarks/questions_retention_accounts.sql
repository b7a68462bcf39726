with bits as (
    select account_no p,
        bit_or(case when event_code = $event_2 then 1 << ((ts::date - date '2024-03-04') // 7)::int else 0 end) t,
        bit_or(case when event_code = $event_3 then 1 << ((ts::date - date '2024-03-04') // 7)::int else 0 end) r
    from {events}
    where account_no is not null and event_code in ($event_2, $event_3)
        and ts >= timestamp '2024-03-04' and ts < timestamp '2024-04-29'
    group by 1
), pairs as (select t, r, count(*) n from bits where t <> 0 group by all)
select i, j, sum(n)::bigint from pairs, range(8) rows(i), range(8) cols(j)
where i + j < 8 and ((t >> i::int) & 1) = 1 and (j = 0 or ((r >> (i + j)::int) & 1) = 1)
group by all
