with e as (
    select (ts::date - date '2024-03-04') // 7 as week,
        coalesce(variant_extract(properties, 'plan')::varchar, '(none)') || ' / '
        || coalesce(variant_extract(properties, 'n')::varchar, '(none)') as grp, source_no as s
    from {events}
    where event_code = $event_1 and ts >= timestamp '2024-03-04' and ts < timestamp '2024-06-03'
), counted as (
    select week, grp, s, count(*) as n from e group by all
), ranked as (
    select grp, s, row_number() over (order by sum(n) desc, grp) as place from counted group by grp, s
)
select week, case when place <= 25 then grp || ' / bench' else 'other / other / other' end as shown, sum(n)::bigint
from counted join ranked using (grp, s) group by all
