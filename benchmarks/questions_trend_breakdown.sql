select (ts::date - date '2024-03-04') // 7 as week, coalesce(variant_extract(properties, 'plan')::varchar, '(none)') as plan,
    count(*)
from {events}
where event_code = $event_1 and ts >= timestamp '2024-03-04' and ts < timestamp '2024-06-03'
group by all
