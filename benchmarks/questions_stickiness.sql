select days, count(*) from (
    select bit_count(bit_or(1::bigint << (ts::date - date '2024-05-01'))) as days
    from {events}
    where event_code = $event_3 and ts >= timestamp '2024-05-01' and ts < timestamp '2024-05-31'
    group by distinct_no
) group by all
