with masks as (
    select bit_or(1 << ((ts::date - date '2024-01-01') // 7)::int) m from {events}
    where ts >= timestamp '2024-01-01' and ts < timestamp '2024-06-24'
    and get_bit($members::blob::bit, least(distinct_no, $last_member)::integer) = 1
    group by distinct_no
), counts as (select [
    count(*) filter ((m & 1) <> 0),
    count(*) filter ((m & 2) <> 0),
    count(*) filter ((m & 4) <> 0),
    count(*) filter ((m & 8) <> 0),
    count(*) filter ((m & 16) <> 0),
    count(*) filter ((m & 32) <> 0),
    count(*) filter ((m & 64) <> 0),
    count(*) filter ((m & 128) <> 0),
    count(*) filter ((m & 256) <> 0),
    count(*) filter ((m & 512) <> 0),
    count(*) filter ((m & 1024) <> 0),
    count(*) filter ((m & 2048) <> 0),
    count(*) filter ((m & 4096) <> 0),
    count(*) filter ((m & 8192) <> 0),
    count(*) filter ((m & 16384) <> 0),
    count(*) filter ((m & 32768) <> 0),
    count(*) filter ((m & 65536) <> 0),
    count(*) filter ((m & 131072) <> 0),
    count(*) filter ((m & 262144) <> 0),
    count(*) filter ((m & 524288) <> 0),
    count(*) filter ((m & 1048576) <> 0),
    count(*) filter ((m & 2097152) <> 0),
    count(*) filter ((m & 4194304) <> 0),
    count(*) filter ((m & 8388608) <> 0),
    count(*) filter ((m & 16777216) <> 0)
] c from masks)
select unnest(range(25)) as week, '' as grp, unnest(c) from counts
