select (ts::date - date '2024-03-04') // 7 as week,
    variant_extract(properties, 'plan')::varchar || ' / ' || variant_extract(properties, 'n')::varchar as grp, count(*)
from {events}
where event_code = $event_1 and ts >= timestamp '2024-03-04' and ts < timestamp '2024-06-03'
    and variant_extract(properties, 'n')::double < 5
group by all
