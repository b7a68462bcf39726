with e as (
    select distinct_no p, ts::date - date '2024-02-26' as d, d // 7 as w, event_code c from {events}
    where ts >= timestamp '2024-02-26' and ts < timestamp '2024-05-27'
), m as (
    select p, bit_or(1 << w::int) a, bit_count(bit_or(1::hugeint << d::hugeint) filter (w > 0)) n_days,
        coalesce(bit_or(1 << w::int) filter (c = $event_1), 0) f0,
        coalesce(bit_or(1 << w::int) filter (c in ($event_2, $event_3)), 0) f1,
        coalesce(bit_or(1 << w::int) filter (c = $event_4), 0) f2,
        count(*) filter (w > 0 and c = $event_1) n0,
        count(*) filter (w > 0 and c in ($event_2, $event_3)) n1,
        count(*) filter (w > 0 and c = $event_4) n2
    from e group by p
), long as (
    select unnest([0, 1, 2]) f, a, unnest([f0, f1, f2]) m, unnest([n0, n1, n2]) n from m
), used as (
    select f, count(*) filter ((m & 8190) <> 0) users, sum(n) events,
        sum(bit_count(m & (a >> 1) & 4094)) kept, sum(bit_count(m & 4094)) kept_of,
        sum(bit_count(a & ~m & (a >> 1) & 4094)) others, sum(bit_count(a & ~m & 4094)) others_of,
        [count(*) filter ((m & 2) <> 0), count(*) filter ((m & 4) <> 0), count(*) filter ((m & 8) <> 0),
         count(*) filter ((m & 16) <> 0), count(*) filter ((m & 32) <> 0), count(*) filter ((m & 64) <> 0),
         count(*) filter ((m & 128) <> 0), count(*) filter ((m & 256) <> 0), count(*) filter ((m & 512) <> 0),
         count(*) filter ((m & 1024) <> 0), count(*) filter ((m & 2048) <> 0), count(*) filter ((m & 4096) <> 0)] as by_week
    from long group by f
), ever as (
    select distinct_no p, min(first_ts) t, min(first_ts) filter (event_code = $event_1) t0,
        min(first_ts) filter (event_code in ($event_2, $event_3)) t1, min(first_ts) filter (event_code = $event_4) t2
    from {first_seen} group by distinct_no
), first_use as (
    select f, count(*) n, median(epoch_us(tf) - epoch_us(t)) / 1e6 took
    from (select t, unnest([0, 1, 2]) f, unnest([t0, t1, t2]) tf from ever)
    where tf >= timestamp '2024-03-04' and tf < timestamp '2024-05-27' group by f
), whole as (
    select count(*) filter ((a & 8190) <> 0) active, sum(bit_count(a & ~(a << 1) & 8190)) came,
        sum(bit_count(~a & (a << 1) & 8190)) went, sum(bit_count(a & 8190)) * 7 possible, sum(n_days) days_done
    from m
)
select 'active' what, 0 place, active::double n from whole
union all select 'came and went', 0, came from whole
union all select 'came and went', 1, went from whole
union all select 'stickiness', 0, 100.0 * days_done / possible from whole
union all select 'users', f, users from used
union all select 'events', f, events from used
union all select 'kept', f, kept from used
union all select 'kept of', f, kept_of from used
union all select 'others', f, others from used
union all select 'others of', f, others_of from used
union all select 'first', f, n from first_use
union all select 'took', f, took from first_use
union all select 'week', 100 * f + unnest(range(12)), unnest(by_week) from used
