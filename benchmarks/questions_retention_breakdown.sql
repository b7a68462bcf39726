with firsts as (
    select distinct_no p, (ts::date - date '2024-03-04') // 7 as i,
        arg_min(coalesce(variant_extract(properties, 'plan')::varchar, '(none)'), ts) as plan
    from {events}
    where event_code = $event_2 and ts >= timestamp '2024-03-04' and ts < timestamp '2024-04-29' group by all
), t as (select p, plan, bit_or(1 << i::int) as t from firsts group by all)
, r as (
    select distinct_no p, bit_or(1 << ((ts::date - date '2024-03-04') // 7)::int) as r from {events}
    where event_code = $event_3 and ts >= timestamp '2024-03-04' and ts < timestamp '2024-04-29' group by 1
), pairs as (select plan, t, r, count(*) n from t left join r using (p) group by all)
select i, j, plan, sum(n)::bigint from pairs, range(8) rows(i), range(8) cols(j)
where i + j < 8 and ((t >> i::int) & 1) = 1 and (j = 0 or ((r >> (i + j)::int) & 1) = 1)
group by all
