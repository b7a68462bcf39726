with masks as (
    select bit_or(1::bigint << (ts::date - date '2024-04-02')) m from {events}
    where event_code = $event_3 and ts >= timestamp '2024-04-02' and ts < timestamp '2024-05-31'
    group by distinct_no
), counts as (select [
    count(*) filter ((m & 1073741823) <> 0), count(*) filter ((m & 2147483646) <> 0),
    count(*) filter ((m & 4294967292) <> 0), count(*) filter ((m & 8589934584) <> 0),
    count(*) filter ((m & 17179869168) <> 0), count(*) filter ((m & 34359738336) <> 0),
    count(*) filter ((m & 68719476672) <> 0), count(*) filter ((m & 137438953344) <> 0),
    count(*) filter ((m & 274877906688) <> 0), count(*) filter ((m & 549755813376) <> 0),
    count(*) filter ((m & 1099511626752) <> 0), count(*) filter ((m & 2199023253504) <> 0),
    count(*) filter ((m & 4398046507008) <> 0), count(*) filter ((m & 8796093014016) <> 0),
    count(*) filter ((m & 17592186028032) <> 0), count(*) filter ((m & 35184372056064) <> 0),
    count(*) filter ((m & 70368744112128) <> 0), count(*) filter ((m & 140737488224256) <> 0),
    count(*) filter ((m & 281474976448512) <> 0), count(*) filter ((m & 562949952897024) <> 0),
    count(*) filter ((m & 1125899905794048) <> 0), count(*) filter ((m & 2251799811588096) <> 0),
    count(*) filter ((m & 4503599623176192) <> 0), count(*) filter ((m & 9007199246352384) <> 0),
    count(*) filter ((m & 18014398492704768) <> 0), count(*) filter ((m & 36028796985409536) <> 0),
    count(*) filter ((m & 72057593970819072) <> 0), count(*) filter ((m & 144115187941638144) <> 0),
    count(*) filter ((m & 288230375883276288) <> 0), count(*) filter ((m & 576460751766552576) <> 0)
] c from masks)
select unnest(range(30)) as day, '' as grp, unnest(c) from counts
