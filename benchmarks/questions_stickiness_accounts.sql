select days, count(*) from (
    select bit_count(bit_or(1::bigint << (ts::date - date '2024-05-01'))) as days
    from {events}
    where event_code = $event_3 and ts >= timestamp '2024-05-01' and ts < timestamp '2024-05-31'
    and account_no is not null group by account_no
) group by all
