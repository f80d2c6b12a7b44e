-- @file Portions: how ready a line is follows from the portions made of it as it is worded, less what recalls, splits and presses taken back took.
--
-- The rules and words are those of shared/domain (presses, splits, wording, counts, portions, status). Most lines have no
-- change, recall or split: private.folded_items folds them all at once, as before. The others of a call go through
-- private.counted_lines, in one as well. Nothing compares each press with each fact: an order in which very much happened
-- stays affordable.
--
-- order_items.tasks is [{id, station, step, cycle, rank, made, toMake}]: rank 0 to 3 is confirmed, preparing, ready, served;
-- cycle is how often readers that know no portions count it as recalled; portions made as the line is worded now, and those
-- still to make. quantity is what stands on the line itself: none when all was split off, and then it is voided.

-- Rules for shapes, always true or false, as in migration 20261122000100: a list of stamps, a number of portions.
create or replace function pg_temp.stamps(p text) returns text language sql as $$
  select format('(%1$s.type() == "array" && !exists(%1$s[*].type() ? (@ == "array")) && !exists(%1$s[*] ? (!(@.type() == "string"'
    || ' && @ like_regex "^0[0-9]{14}-[0-9]{6}-." flag "s" && !(@ like_regex ".{88}" flag "s")))))', p)
$$;
create or replace function pg_temp.saw(p text) returns text language sql as $$
  select format('(%s && %s.size() <= 1000)', pg_temp.stamps(p), p)
$$;
create or replace function pg_temp.portions(p text, low int default 0, high bigint default 9007199254740991) returns text language sql as $$
  select format('(%1$s.type() == "number" && %1$s >= %2$s && %1$s <= %3$s && %1$s == %1$s.floor())', p, low, high)
$$;
create or replace function pg_temp.share(p text) returns text language sql as $$
  select format('(%s.type() == "object" && %s && %s)', p, pg_temp.portions(p || '.had'), pg_temp.portions(p || '.took'))
$$;
create or replace function pg_temp.words(p text, word text) returns text language sql as $$
  select format('(%1$s.type() == "array" && !exists(%1$s[*].type() ? (@ == "array")) && !exists(%1$s[*] ? (!(@.type() == "string" && %2$s))))', p, word)
$$;

-- What these kinds may say now.
update private.shapes k set shape = format('(%s) && %s', k.shape, more.rule)::jsonpath
  from (values
    ('tasks.moved', format('!exists($.moves[*] ? (!((!exists(@.n) || %s) && (!exists(@.saw) || %s))))', pg_temp.portions('@.n'), pg_temp.saw('@.saw'))),
    ('item.changed', format('(!exists($.saw) || %s) && (!exists($.fields.allergies) || %s)', pg_temp.saw('$.saw'), pg_temp.words('$.fields.allergies',
      '(@ == "gluten" || @ == "crustaceans" || @ == "eggs" || @ == "fish" || @ == "peanuts" || @ == "soybeans" || @ == "milk" || @ == "nuts"'
      || ' || @ == "celery" || @ == "mustard" || @ == "sesame" || @ == "sulphites" || @ == "lupin" || @ == "molluscs")'))),
    ('items.fired', '(!exists($.course) || ($.course.type() == "string" && $.course != "" && !($.course like_regex ".{65}" flag "s")))')
  ) as more (kind, rule)
  where k.kind = more.kind;

-- A line that was split off is as one that was added, and names the one it came from. Of portions as many as of a quantity.
insert into private.shapes (kind, shape)
  select 'item.split', format('(%s) && exists($.from) && %s && $.made.type() == "array" && !exists($.made[*].type() ? (@ == "array"))'
      || ' && !exists($.made[*] ? (!(%s))) && %s && %s',
      k.shape, pg_temp.portions('$.n', 1, 2147483647), pg_temp.share('@'), pg_temp.share('$.served'), pg_temp.saw('$.saw'))::jsonpath
  from private.shapes k where k.kind = 'item.added';
insert into private.shapes (kind, shape)
  values ('deeds.undone', format('%s && %s', pg_temp.words('$.items', '@ != "" && !(@ like_regex ".{65}" flag "s")'), pg_temp.stamps('$.deeds'))::jsonpath);

insert into private.features (name) values ('splits'), ('itemAllergies'), ('undo');

-- Before this migration nobody looked at these members. Where they are not what they must be, the app keeps the event raw and
-- its order is not whole: so it is here.
create or replace function pg_temp.misshapen(p_kind text, p_v int, p_order text, p_data jsonb) returns boolean language sql as $$
  select case p_kind
      when 'tasks.moved' then p_data @? '$.moves[*] ? (exists(@.n) || exists(@.saw))'
      when 'item.changed' then p_data ? 'saw' or p_data -> 'fields' ? 'allergies'
      when 'items.fired' then p_data ? 'course'
      else false
    end and not private.readable(p_kind, p_v, p_order, p_data)
$$;
alter table public.order_events disable trigger append_only;
update public.order_events e set unread = true where not e.unread and pg_temp.misshapen(e.kind, e.v, e.order_id, e.data);
alter table public.order_events enable trigger append_only;
update public.order_archive a
  set events = (
    select jsonb_agg(case when pg_temp.misshapen(o.event ->> 'kind', (o.event -> 'v')::int, a.order_id, o.event -> 'data')
      then o.entry || '{"unread": true}' else o.entry end order by o.n)
    from (select l.entry, l.entry -> 'event' as event, l.n from jsonb_array_elements(a.events) with ordinality as l (entry, n)) o)
  where exists (
    select from (select l.entry -> 'event' as event from jsonb_array_elements(a.events) as l (entry) where not l.entry ? 'unread') o
    where pg_temp.misshapen(o.event ->> 'kind', (o.event -> 'v')::int, a.order_id, o.event -> 'data'));

-- What of a field decides whether one wording is another: of modifiers which there are, and how often.
create function private.wording(p_field text, p_value jsonb) returns jsonb
  language plpgsql immutable set search_path = '' as $$
begin
  if p_field <> 'modifiers' then return p_value; end if;
  return (select to_jsonb(coalesce(string_agg(m ->> 'id', e'\n' order by (m ->> 'id') collate "C"), '')) from jsonb_array_elements(p_value) m);
end $$;

-- What private.folded_items tells of lines that are not as they were ordered, by numbers (`line`): the lines, all writes of
-- their fields, and the presses on them that were not taken back.
create type private.line as (line int, order_id text collate "C", item text collate "C", stamp text collate "C", ordered jsonb, tasks jsonb, split jsonb);
create type private.write as (line int, field text collate "C", stamp text collate "C", saw jsonb, value jsonb);
create type private.press as (line int, task text collate "C", cycle bigint, rank int, stamp text collate "C", n bigint, saw jsonb);

-- A recall that counts for the nth task of a line; one without portions takes back all.
create type private.recall as (n int, stamp text collate "C", saw jsonb, portions bigint);
-- What a line that was split off owes, at its nth task, to facts of the other line that its split did not know: so many of the
-- portions that went along were not there. A press that names all those facts counted for itself.
create type private.owed as (n int, made numeric, served numeric, facts text[]);
-- A line that was split off or split from: the quantity it was ordered with and the one last written; the writes that presses on
-- it name, and the presses that name nothing. All as moments, numbers that follow each other as stamps
-- do: a press that names nothing comes just before a write of its stamp, and a split just after.
create type private.relative as (line int, item text collate "C", stamp text collate "C", moment int, quantity bigint, written bigint, tasks int, split jsonb,
  named int[], blind int[], recalls private.recall[]);
-- A write of a field that a line split off has of the other.
create type private.inherited as (line int, field text collate "C", moment int, saw jsonb);
-- What such a line has of others: the portions that stand on it, the writes that count for it, and what it owes.
create type private.shared as (line int, wanted bigint, writes int[], owed private.owed[]);

-- What a line that was split off owes to the other: to further lines split off it (their stamps and splits), to recalls, and to
-- what that line owes itself. Null when nothing.
create function private.owed_by(p_split jsonb, p_stamp text, p_stamps text[], p_others jsonb[], p_parent private.relative, p_above private.owed[])
  returns private.owed[]
  language plpgsql immutable set search_path = '' as $$
declare
  found private.owed[];
  above private.owed;
  facts text[];
  unknown text[];
  back numeric;
  endless boolean;
  share jsonb;
  took numeric;
  had numeric;
  lost numeric[];
begin
  for place in 1 .. p_parent.tasks loop
    -- A recall by somebody who knew of the split is of what stayed.
    select array_agg(r.stamp), coalesce(sum(r.portions), 0), coalesce(bool_or(r.portions is null), false) into facts, back, endless
      from unnest(p_parent.recalls) r
      where r.n = place and not p_split -> 'saw' ? r.stamp and not case when r.saw is null then p_stamp < r.stamp else r.saw ? p_stamp end;
    select * into above from unnest(p_above) o where o.n = place;
    unknown := array(select f.fact from unnest(above.facts) as f (fact) except select s.stamp from jsonb_array_elements_text(p_split -> 'saw') as s (stamp));
    facts := p_stamps || facts || unknown;
    continue when facts = '{}';
    lost := '{}';
    for what in 1 .. 2 loop
      share := case what when 1 then p_split -> 'made' -> (place - 1) else p_split -> 'served' end;
      took := coalesce((share -> 'took')::numeric, 0);
      had := coalesce((share -> 'had')::numeric, 0) - (
        select coalesce(sum((case what when 1 then o.split -> 'made' -> (place - 1) else o.split -> 'served' end -> 'took')::numeric), 0)
        from unnest(p_others) as o (split));
      lost[what] := took - case when endless then 0 else greatest(0, least(took, had) - back
        - case when unknown = '{}' then 0 when what = 1 then above.made else above.served end) end;
    end loop;
    found := found || row(place, lost[1], lost[2], facts)::private.owed;
  end loop;
  return found;
end $$;

-- What the lines of one order that were split off or split from have of each other. `p_lines` in the order of their ids;
-- `p_writes` by line and moment: answered are their places there, in the order in which they count, as far as anybody needs them. Line by line, each after the one it came from.
create function private.shared_lines(p_lines private.relative[], p_writes private.inherited[]) returns setof private.shared
  language plpgsql immutable rows 5 set search_path = '' as $$
declare
  size constant int := cardinality(p_lines);
  stamps text[];
  splits jsonb[];
  -- The place of the line each was split from, and of each line where its parts begin and end among all parts.
  origins int[];
  parts int[];
  begins int[];
  ends int[];
  -- The same of writes.
  fields text[];
  moments int[];
  saws jsonb[];
  firsts int[];
  lasts int[];
  -- Of each line: the one whose facts it shares, the portions it was granted, whether it was reached, and what it came to.
  parents int[] := array_fill(null::int, array[size]);
  granted bigint[] := array_fill(null::bigint, array[size]);
  reached boolean[] := array_fill(false, array[size]);
  found private.shared[];
  queue int[];
  head int := 1;
  unreached int := 1;
  here int;
  parent int;
  part int;
  others int[];
  portions bigint;
  total bigint;
  offered bigint;
  me private.relative;
  mine private.shared;
begin
  select array_agg(l.stamp order by l.n), array_agg(l.split order by l.n), array_agg(o.n::int order by l.n) into stamps, splits, origins
    from unnest(p_lines) with ordinality as l (line, item, stamp, moment, quantity, written, tasks, split, named, blind, recalls, n)
    left join unnest(p_lines) with ordinality as o (line, item, stamp, moment, quantity, written, tasks, split, named, blind, recalls, n)
      on o.item = l.split ->> 'from';
  select array_agg(l.n::int order by l.origin, (l.stamp || l.item) collate "C") into parts
    from unnest(p_lines, origins) with ordinality as l (line, item, stamp, moment, quantity, written, tasks, split, named, blind, recalls, origin, n)
    where l.origin is not null;
  select array_agg(p.first::int order by l.n), array_agg(p.last::int order by l.n) into begins, ends
    from generate_series(1, size) as l (n)
    left join (select origins[o.part] as origin, min(o.n) as first, max(o.n) as last from unnest(parts) with ordinality as o (part, n) group by 1) p
      on p.origin = l.n;
  select array_agg(w.field), array_agg(w.moment), array_agg(w.saw) into fields, moments, saws from unnest(p_writes) w;
  select array_agg(w.first::int order by l.n), array_agg(w.last::int order by l.n) into firsts, lasts
    from unnest(p_lines) with ordinality as l (line, item, stamp, moment, quantity, written, tasks, split, named, blind, recalls, n)
    left join (
      select w.line, min(w.n) as first, max(w.n) as last
      from unnest(p_writes) with ordinality as w (line, field, moment, saw, n) group by w.line) w on w.line = l.line;
  queue := array(select l.n from generate_series(1, size) as l (n) where origins[l.n] is null order by l.n);

  loop
    if head <= cardinality(queue) then
      here := queue[head];
      head := head + 1;
    else
      -- Lines that only garbage can have made: each split from another in a circle.
      while unreached <= size and reached[unreached] loop unreached := unreached + 1; end loop;
      exit when unreached > size;
      here := unreached;
    end if;
    reached[here] := true;
    parent := parents[here];
    me := p_lines[here];

    -- Portions are granted to what was split off in the order of the stamps, out of what there is. A later quantity of a line
    -- that was split off counts from the portions it was split off with.
    if me.split is null then
      total := coalesce(me.written, me.quantity);
    else
      portions := (me.split -> 'n')::bigint;
      offered := coalesce(granted[here], portions);
      total := case when me.written is null then offered else greatest(0, me.written - (portions - offered)) end;
    end if;
    for n in coalesce(begins[here], 1) .. coalesce(ends[here], 0) loop
      part := parts[n];
      offered := least((splits[part] -> 'n')::bigint, total);
      total := total - offered;
      if not reached[part] then
        granted[part] := offered;
        parents[part] := here;
        queue := queue || part;
      end if;
    end loop;
    mine := row(me.line, total, array(select * from generate_series(firsts[here], lasts[here])), null);

    if parent is not null then
      -- Writes on the line it came from, by people who did not know of the split and so meant these portions, too.
      mine.writes := array(
        select w.place from unnest((found[parent]).writes) with ordinality as w (place, n)
        where case when saws[w.place] is null then moments[w.place] < me.moment else not saws[w.place] ? me.stamp end) || mine.writes;
      -- Split off the same line before, and not known to who split this one off.
      others := array(
        select parts[o.n] from generate_series(begins[parent], ends[parent]) as o (n)
        left join (select distinct s.stamp from jsonb_array_elements_text(me.split -> 'saw') as s (stamp)) known on known.stamp = stamps[parts[o.n]]
        where known.stamp is null and stamps[parts[o.n]] collate "C" < me.stamp);
      if others <> '{}' or (p_lines[parent]).recalls is not null or (found[parent]).owed is not null then
        mine.owed := private.owed_by(me.split, me.stamp, array(select stamps[o.part] from unnest(others) as o (part)),
          array(select splits[o.part] from unnest(others) as o (part)), p_lines[parent], (found[parent]).owed);
      end if;
    end if;
    found[here] := mine;

    -- Of those writes people need the last of each field, those that a press names, and the last before a press that names none.
    if mine.writes <> '{}' then
      mine.writes := array(
        select w.place
        from (
          select b.place, b.n, b.moment, lead(b.place) over following as following, lead(b.n) over following is null as newest
          from (
            select w.place, w.n, fields[w.place] as field, moments[w.place] as moment from unnest(mine.writes) with ordinality as w (place, n)
            union all
            select 0, 0, f.field, b.moment from unnest(me.blind) as b (moment), unnest(array['modifiers', 'note', 'allergies']) as f (field)
          ) b
          window following as (partition by b.field collate "C" order by b.moment, b.n)
        ) w
        where w.place > 0 and (w.newest or w.following = 0 or w.moment in (select n.moment from unnest(me.named) as n (moment)))
        order by w.moment, w.n);
    end if;
    return next mine;
  end loop;
end $$;

-- How ready these lines are. Answers per line the portions wanted of it and served of all its tasks; per task, in their order,
-- the portions made of it, whether all are handed out and whether it is started; and what now stands in the fields that a line
-- split off has of others.
create function private.counted_lines(p_lines private.line[], p_writes private.write[], p_presses private.press[])
  returns table (order_id text, item text, wanted bigint, served bigint, made bigint[], handed boolean[], started boolean[], fields jsonb)
  -- How much there is of each is not known beforehand; merged by a part of their keys, they would be compared each with each.
  language plpgsql stable set search_path = '' set enable_mergejoin = off set enable_nestloop = off as $$
begin
  if p_lines is null then return; end if;
  return query
    with lines as materialized (
      select l.*, (l.ordered -> 'quantity')::bigint as quantity from unnest(p_lines) l
    ), writes as materialized (
      select w.* from unnest(p_writes) w
    ), presses as materialized (
      select p.* from unnest(p_presses) p
    ), tasks as materialized (
      -- Should two tasks of a line have one name, the last stands for both.
      select t.*, max(t.task) over (partition by t.line, t.name) as stands
      from (
        select row_number() over (order by l.line, t.n) as task, l.line, t.n::int as n, t.task ->> 'id' as name, (t.task -> 'step')::int as step
        from lines l cross join jsonb_array_elements(l.tasks) with ordinality as t (task, n)
        where jsonb_typeof(t.task) = 'object'
      ) t
    ), pressed as materialized (
      select p.cycle, p.rank, p.stamp, p.n as portions, p.saw, t.line, t.task, t.name, t.n, t.step
      from presses p join tasks t on t.line = p.line and t.name = p.task
    ), recalls as materialized (
      -- Those that count for a task: its own, and those of an earlier step that say portions; of a stamp one.
      select distinct on (t.task, p.stamp) t.task, t.line, t.n, p.stamp, p.saw, p.portions, case when p.name = t.name then p.cycle end as own
      from pressed p join tasks t on t.line = p.line and (t.name = p.name or p.step < t.step and p.portions is not null)
      where p.rank = 0 and p.cycle > 0
      order by t.task, p.stamp, p.name = t.name desc, p.n desc, p.portions desc nulls first, p.cycle desc, p.saw is null
    ), families as materialized (
      select l.line as part, o.line as origin
      from lines l left join lines o on o.order_id = l.order_id and o.item = l.split ->> 'from'
      where l.split is not null
    ), relatives as materialized (
      select l.*, q.written
      from (select f.part as line from families f union select f.origin from families f) f
      join lines l on l.line = f.line
      left join (
        select distinct on (w.line) w.line, w.value::bigint as written from writes w where w.field = 'quantity' order by w.line, w.stamp desc) q on q.line = l.line
    ), blind as materialized (
      select p.line, p.stamp from pressed p join relatives r on r.line = p.line where p.saw is null and p.rank > 0
    ), named_there as materialized (
      select n.line, n.stamp
      from (
        select r.line, (s.stamp #>> '{}') collate "C" as stamp
          from relatives r cross join jsonb_array_elements(r.split -> 'saw') as s (stamp) where jsonb_typeof(s.stamp) = 'string'
        union
        select p.line, (s.stamp #>> '{}') collate "C"
          from pressed p join relatives r on r.line = p.line cross join jsonb_array_elements(p.saw) as s (stamp) where jsonb_typeof(s.stamp) = 'string'
      ) n
      where n.stamp in (select w.stamp from writes w)
    ), moments as materialized (
      -- With the split or press naming nothing that each is next to: between two of these nobody can tell writes apart.
      select m.stamp, (row_number() over earlier * 2)::int as moment, m.bound + 2 * coalesce(sum(m.bound) over (earlier rows between unbounded preceding and 1 preceding), 0) as span
      from (
        select m.stamp, max(m.bound) as bound
        from (select w.stamp, 0 as bound from writes w join relatives r on r.line = w.line
          union all select b.stamp, 1 from blind b union all select r.stamp, 1 from relatives r) m
        group by m.stamp
      ) m
      window earlier as (order by m.stamp)
    ), inherited as materialized (
      -- Of writes that nobody can tell apart the last; and those that somebody names.
      select i.*, row_number() over (partition by i.order_id order by i.line, i.stamp) as place
      from (
        select distinct on (r.order_id, w.line, w.field, m.span, w.saw, n.stamp) r.order_id, w.line, w.field, w.stamp, w.saw, w.value, m.moment
        from writes w
        join relatives r on r.line = w.line
        join moments m on m.stamp = w.stamp
        left join (select distinct n.stamp from named_there n) n on n.stamp = w.stamp
        where w.field in ('modifiers', 'note', 'course', 'allergies')
        order by r.order_id, w.line, w.field, m.span, w.saw, n.stamp, w.stamp desc
      ) i
    ), shared as materialized (
      select f.order_id, s.*
      from (
        select r.order_id, array_agg(row(r.line, r.item, r.stamp, m.moment + 1, r.quantity, r.written, jsonb_array_length(r.tasks), r.split, n.named, b.blind, c.recalls)::private.relative
          order by r.item) as lines
        from relatives r
        join moments m on m.stamp = r.stamp
        left join (
          select n.line, array_agg(m.moment) as named from named_there n join moments m on m.stamp = n.stamp group by n.line) n on n.line = r.line
        left join (
          select b.line, array_agg(distinct m.moment - 1) as blind from blind b join moments m on m.stamp = b.stamp group by b.line) b on b.line = r.line
        left join (
          select c.line, array_agg(row(c.n, c.stamp, c.saw, c.portions)::private.recall) as recalls from recalls c group by c.line) c on c.line = r.line
        group by r.order_id
      ) f
      left join (
        select i.order_id, array_agg(row(i.line, i.field, i.moment, i.saw)::private.inherited order by i.place) as writes
        from inherited i group by i.order_id) w on w.order_id = f.order_id
      cross join private.shared_lines(f.lines, coalesce(w.writes, '{}')) s
    ), written as materialized (
      -- The writes that count for a line, numbered as they follow each other.
      select row_number() over (order by w.line, w.field, w.stamp, w.n) as write, w.line, w.field, w.stamp, w.value, private.wording(w.field, w.value) as word
      from (
        select w.line, w.field, w.stamp, w.value, 0 as n from writes w left join relatives r on r.line = w.line
          where w.field = 'quantity' or r.line is null
        union all
        select s.line, i.field, i.stamp, i.value, p.n
          from shared s cross join unnest(s.writes) with ordinality as p (place, n) join inherited i on i.order_id = s.order_id and i.place = p.place
      ) w
    ), latest as materialized (
      select w.line, w.field, w.value, w.word, case when w.field in ('modifiers', 'note', 'allergies') then private.wording(w.field, l.ordered -> w.field) end as ordered
      from written w
      join (select max(w.write) as write from written w group by w.line, w.field) m on m.write = w.write
      join lines l on l.line = w.line
    ), owed as materialized (
      select t.task, o.made, o.served, o.facts, f.many, f.newest
      from shared s cross join unnest(s.owed) o
      join tasks t on t.line = s.line and t.n = o.n
      cross join lateral (select count(distinct f.fact collate "C") as many, max(f.fact collate "C") as newest from unnest(o.facts) as f (fact)) f
      where o.made > 0 or o.served > 0
    ), told as materialized (
      select l.line, jsonb_agg(w.stamp) as saw
      from lines l
      cross join jsonb_array_elements(l.split -> 'saw') as s (stamp)
      join written w on w.line = l.line and w.stamp = s.stamp #>> '{}'
      where jsonb_typeof(s.stamp) = 'string' and w.field in ('modifiers', 'note', 'allergies')
      group by l.line
    ), acts as materialized (
      -- Starts, answers and serves; and the portions that a split brought along, as the first press. That knows what its own
      -- line said, which is how the other was worded, and nothing that came after.
      select row_number() over () as act, a.*
      from (
        select p.line, p.task, p.cycle, p.stamp, p.portions, p.saw,
          case when p.rank = 3 then 'served' when p.rank = 2 or p.portions is not null then 'made' else 'started' end as what
        from pressed p where p.rank > 0
        union all
        select l.line, t.task, 0, l.stamp, coalesce((case b.what when 'made' then l.split -> 'made' -> (t.n - 1) else l.split -> 'served' end -> 'took')::bigint, 0),
          coalesce(s.saw, '[]'), b.what
        from lines l
        join tasks t on t.line = l.line
        cross join (values ('made'), ('served')) as b (what)
        left join told s on s.line = l.line
        where l.split is not null
      ) a
    ), named as materialized (
      select distinct a.act, a.line, a.task, (s.stamp #>> '{}') collate "C" as stamp
      from acts a cross join jsonb_array_elements(a.saw) as s (stamp)
      where jsonb_typeof(s.stamp) = 'string'
    ), takes as materialized (
      -- What presses that do not know of it stand for less: recalls, and portions split off.
      select r.task, r.stamp, r.own, coalesce(r.portions, 0) as made, coalesce(r.portions, 0) as served,
          (r.portions is null)::int as endless, 1 as recalls
        from recalls r
      union all
      select t.task, l.stamp, null, coalesce((l.split -> 'made' -> (t.n - 1) -> 'took')::bigint, 0), (l.split -> 'served' -> 'took')::bigint, 0, 0
        from families f join lines l on l.line = f.part join tasks t on t.line = f.origin
    ), unknown as materialized (
      -- Of those that name what they saw, all but that.
      select a.act, t.made - coalesce(s.made, 0) as made, t.served - coalesce(s.served, 0) as served, t.endless - coalesce(s.endless, 0) as endless,
        t.recalls - coalesce(s.recalls, 0) as recalls
      from acts a
      join (
        select t.task, sum(t.made) as made, sum(t.served) as served, sum(t.endless) as endless, sum(t.recalls) as recalls
        from takes t group by t.task) t on t.task = a.task
      left join (
        select n.act, sum(t.made) as made, sum(t.served) as served, sum(t.endless) as endless, sum(t.recalls) as recalls
        from named n join takes t on t.task = n.task and t.stamp = n.stamp group by n.act) s on s.act = a.act
      where a.saw is not null
      union all
      -- Of those before presses named it, the recalls of this task in a later round, and of the rest what is not older.
      select u.act, coalesce(u.made, 0) + coalesce(u.own_made, 0), coalesce(u.served, 0) + coalesce(u.own_made, 0), coalesce(u.endless, 0) + coalesce(u.own_endless, 0),
        coalesce(u.recalls, 0) + coalesce(u.own_recalls, 0)
      from (
        select b.act,
          sum(b.made) filter (where b.own is null) over newer as made, sum(b.served) filter (where b.own is null) over newer as served,
          sum(b.endless) filter (where b.own is null) over newer as endless, sum(b.recalls) filter (where b.own is null) over newer as recalls,
          sum(b.made) filter (where b.own is not null) over rounds as own_made,
          sum(b.endless) filter (where b.own is not null) over rounds as own_endless, sum(b.recalls) filter (where b.own is not null) over rounds as own_recalls
        from (
          select a.act, a.task, a.stamp, a.cycle as round, null::bigint as own, 0 as made, 0 as served, 0 as endless, 0 as recalls
            from acts a where a.saw is null
          union all
          select null, t.task, t.stamp, coalesce(t.own, 0), t.own, t.made, t.served, t.endless, t.recalls from takes t
        ) b
        window newer as (partition by b.task order by b.stamp desc groups between unbounded preceding and current row),
          rounds as (partition by b.task order by b.round desc groups between unbounded preceding and 1 preceding)
      ) u
      where u.act is not null
    ), late as (
      -- Of presses that know some of what their line owes to, how much of it.
      select n.act, count(distinct n.stamp) as many
      from named n join (select o.task, f.fact collate "C" as fact from owed o cross join unnest(o.facts) as f (fact)) o on o.task = n.task and o.fact = n.stamp
      group by n.act
    ), seen as materialized (
      -- Of each field the last write that a press knew of.
      select n.act, w.field, max(w.write) as write from named n join written w on w.line = n.line and w.stamp = n.stamp group by n.act, w.field
      union all
      select u.act, u.field, u.write
        from (
          select b.act, b.field, max(b.write) over (
            partition by b.line, b.field order by b.stamp groups between unbounded preceding and 1 preceding) as write
          from (
            select a.act, a.line, l.field, a.stamp, null::bigint as write
              from acts a join latest l on l.line = a.line where a.saw is null and a.what <> 'started'
            union all
            select null, w.line, w.field, w.stamp, w.write from written w
          ) b
        ) u
        where u.act is not null and u.write is not null
    ), otherwise as materialized (
      -- Answers to another wording. What was made for more allergies than there are now still fits.
      select distinct a.act
      from acts a
      join latest l on l.line = a.line and l.ordered is not null
      left join seen s on s.act = a.act and s.field = l.field
      left join written w on w.write = s.write
      where a.what = 'made' and not case l.field when 'allergies' then coalesce(w.word, l.ordered) @> l.word else coalesce(w.word, l.ordered) = l.word end
    ), counted as materialized (
      select a.task, a.what, a.stamp, o.act is null as fits, coalesce(u.recalls, 0) = 0 as fresh,
        -- A press that says no portions meant all that were ordered then.
        case when u.endless > 0 then 0 else greatest(0, coalesce(a.portions, q.value::bigint, (l.split -> 'n')::bigint, l.quantity)
          - coalesce(case a.what when 'made' then u.made else u.served end, 0)
          - case when case when a.saw is null then d.newest >= a.stamp else coalesce(k.many, 0) < d.many end
            then case a.what when 'made' then d.made else d.served end else 0 end) end as value
      from acts a
      join lines l on l.line = a.line
      left join unknown u on u.act = a.act
      left join otherwise o on o.act = a.act
      left join seen s on s.act = a.act and s.field = 'quantity'
      left join written q on q.write = s.write
      left join owed d on d.task = a.task
      left join late k on k.act = a.act
    ), counts as materialized (
      select t.task,
        coalesce(max(c.value) filter (where c.what = 'made' and c.fits), 0)::bigint as made,
        coalesce(max(c.value) filter (where c.what = 'served'), 0)::bigint as served,
        count(*) filter (where c.what = 'served') > 0 as handed,
        -- What was finished as the line was worded before was begun for that.
        coalesce(max(c.stamp) filter (where c.what = 'started' and c.fresh)
          > coalesce(max(c.stamp) filter (where c.what = 'made' and not c.fits), '' collate "C"), false) as started
      from tasks t left join counted c on c.task = t.task
      group by t.task
    ), wants as (
      select l.line, coalesce(s.wanted, q.value::bigint, l.quantity) as wanted
      from lines l left join shared s on s.line = l.line left join latest q on q.line = l.line and q.field = 'quantity'
    ), sums as (
      select t.line, w.wanted, min(own.served) as served, array_agg(c.made order by t.n) as made,
        array_agg(c.handed and c.served >= w.wanted order by t.n) as handed, array_agg(c.started order by t.n) as started
      from tasks t
      join wants w on w.line = t.line
      join counts own on own.task = t.task
      join counts c on c.task = t.stands
      group by t.line, w.wanted
    )
    select l.order_id, l.item, s.wanted, s.served, s.made, s.handed, s.started, f.fields
    from lines l
    join sums s on s.line = l.line
    left join (
      select l.line, jsonb_object_agg(l.field, l.value) as fields from latest l where l.field <> 'quantity' group by l.line) f on f.line = l.line;
end $$;

-- The items of these orders as they stand now. An item is there once its `item.added` or `item.split` has arrived.
create or replace function private.folded_items(p_restaurant uuid, p_orders text[]) returns setof public.order_items
  language plpgsql stable set search_path = '' as $$
begin
  return query
    with e as materialized (
      select l.order_id collate "C" as order_id, l.seq, l.kind, l.at, l.stamp collate "C" as stamp, l.data, l.mark
      from private.order_log(p_restaurant, p_orders) l
    ), added as materialized (
      select distinct on (e.order_id, (e.data ->> 'item') collate "C")
        e.order_id, (e.data ->> 'item') collate "C" as item, e.at, e.stamp, e.data, (e.data -> 'held')::boolean as held,
        (e.data -> 'line' -> 'quantity')::bigint as quantity, case e.kind when 'item.split' then e.data end as split
      from e where e.kind in ('item.added', 'item.split')
      order by e.order_id, (e.data ->> 'item') collate "C", e.stamp, case when e.mark is not null then private.canonical(e.mark
        || jsonb_build_object('line', e.data -> 'line', 'tasks', e.data -> 'tasks', 'held', e.data -> 'held')
        || case when e.data ? 'from' then jsonb_build_object('from', e.data -> 'from') else '{}' end
        || case e.kind when 'item.split' then jsonb_build_object('split', jsonb_build_object('from', e.data -> 'from', 'n', e.data -> 'n',
          'made', e.data -> 'made', 'served', e.data -> 'served', 'saw', e.data -> 'saw')) else '{}' end) end collate "C"
    ), voided as (
      select distinct on (e.order_id, (e.data ->> 'item') collate "C")
        e.order_id, (e.data ->> 'item') collate "C" as item, e.at, e.data ->> 'reason' as reason
      from e where e.kind = 'item.voided'
      order by e.order_id, (e.data ->> 'item') collate "C", e.stamp, case when e.mark is not null then
        private.canonical(e.mark || jsonb_build_object('reason', e.data -> 'reason', 'notify', e.data -> 'notify')) end collate "C"
    ), writes as materialized (
      select distinct on (e.order_id, (e.data ->> 'item') collate "C", f.key collate "C", e.stamp)
        e.order_id, (e.data ->> 'item') collate "C" as item, f.key collate "C" as field, e.stamp, f.value, e.data -> 'saw' as saw
      from e, jsonb_each(e.data -> 'fields') f
      where e.kind = 'item.changed' and f.key in ('quantity', 'modifiers', 'note', 'seat', 'course', 'allergies')
      order by e.order_id, (e.data ->> 'item') collate "C", f.key collate "C", e.stamp, case when e.mark is not null then
        private.canonical(e.mark || jsonb_build_object('value', f.value, 'notify', e.data -> 'notify')
          || case when e.data ? 'saw' then jsonb_build_object('saw', e.data -> 'saw') else '{}' end) end collate "C" desc
    ), changed as (
      select w.order_id, w.item, jsonb_object_agg(w.field, w.value) as fields
      from (select distinct on (w.order_id, w.item, w.field) w.* from writes w order by w.order_id, w.item, w.field, w.stamp desc) w
      group by w.order_id, w.item
    ), fired as (
      select distinct on (e.order_id, i.item collate "C") e.order_id, i.item collate "C" as item, e.at
      from e, jsonb_array_elements_text(e.data -> 'items') as i (item) where e.kind = 'items.fired'
      order by e.order_id, i.item collate "C", e.stamp, case when e.mark is not null then private.canonical(e.mark) end collate "C"
    ), courses as (
      select distinct on (e.order_id, (e.data ->> 'course') collate "C", e.stamp)
        e.order_id, (e.data ->> 'course') collate "C" as course, e.stamp, e.at
      from e where e.kind = 'course.fired'
      order by e.order_id, (e.data ->> 'course') collate "C", e.stamp,
        case when e.mark is not null then private.canonical(e.mark) end collate "C" desc
    ), pressed as materialized (
      -- Of presses that say no portions the first of each (cycle, rank); of those that do all, each by its stamp.
      select distinct on (p.order_id, p.item, p.task, p.cycle, p.rank, p.own)
        p.order_id, p.item, p.task, p.cycle, p.rank, p.stamp, p.at, p.n, p.saw
      from (
        select m.*, count(*) over (partition by m.order_id, m.item, m.task, m.cycle, m.rank, m.own, m.stamp) > 1 as twin
        from (
          select e.order_id, (m.move ->> 'item') collate "C" as item, (m.move ->> 'task') collate "C" as task, (m.move -> 'cycle')::bigint as cycle,
            (m.move -> 'rank')::int as rank, case when m.move ? 'n' or m.move ? 'saw' then e.stamp end as own, e.stamp, e.at, e.mark,
            (m.move -> 'n')::bigint as n, m.move -> 'saw' as saw
          from e, jsonb_array_elements(e.data -> 'moves') as m (move) where e.kind = 'tasks.moved'
        ) m
      ) p
      order by p.order_id, p.item, p.task, p.cycle, p.rank, p.own, p.stamp, case when p.twin then private.canonical(
        coalesce(p.mark, jsonb_build_object('stamp', p.stamp)) || case when p.n is null then '{}' else jsonb_build_object('n', p.n) end
          || case when p.saw is null then '{}' else jsonb_build_object('saw', p.saw) end) end collate "C"
    ), undone as (
      select distinct p.order_id, p.item, p.stamp
      from pressed p
      join (
        select e.order_id, e.seq, d.stamp collate "C" as stamp from e, jsonb_array_elements_text(e.data -> 'deeds') as d (stamp)
        where e.kind = 'deeds.undone') d on d.order_id = p.order_id and d.stamp = p.stamp
      join (
        select e.order_id, e.seq, i.item collate "C" as item from e, jsonb_array_elements_text(e.data -> 'items') as i (item)
        where e.kind = 'deeds.undone') i on i.order_id = p.order_id and i.seq = d.seq and i.item = p.item
    ), presses as materialized (
      select p.* from pressed p
      where not exists (select from undone u where u.order_id = p.order_id and u.item = p.item and u.stamp = p.stamp)
    ), special as materialized (
      select s.order_id, s.item, (row_number() over ())::int as line, a.stamp, a.data, a.split
      from (
        select w.order_id, w.item from writes w where w.field not in ('seat', 'course')
        union select p.order_id, p.item from presses p where p.rank = 0 and p.cycle > 0
        union select a.order_id, a.item from added a where a.split is not null
        union select a.order_id, (a.split ->> 'from') collate "C" from added a where a.split is not null
      ) s
      join added a on a.order_id = s.order_id and a.item = s.item
    ), counted as materialized (
      select c.order_id collate "C" as order_id, c.item collate "C" as item, c.wanted, c.served, c.made, c.handed, c.started, c.fields
      from private.counted_lines(
        (select array_agg(row(s.line, s.order_id, s.item, s.stamp, s.data -> 'line', s.data -> 'tasks', s.split - array['line', 'tasks'])::private.line)
          from special s),
        (select array_agg(row(s.line, w.field, w.stamp, w.saw, w.value)::private.write)
          from writes w join special s on s.order_id = w.order_id and s.item = w.item where w.field <> 'seat'),
        (select array_agg(row(s.line, p.task, p.cycle, p.rank, p.stamp, p.n, p.saw)::private.press)
          from presses p join special s on s.order_id = p.order_id and s.item = p.item)) c
    ), reached as (
      -- As far as the presses on a line say that stands as it was ordered: the greatest counts; one that says no portions means all.
      select p.order_id, p.item, p.task, max(p.cycle) as cycle, bool_or(p.rank = 1 and p.n is null) as started,
        max(coalesce(p.n, a.quantity)) filter (where p.rank = 2 or p.rank = 1 and p.n is not null) as made,
        max(coalesce(p.n, a.quantity)) filter (where p.rank = 3) as served
      from presses p join added a on a.order_id = p.order_id and a.item = p.item
      group by p.order_id, p.item, p.task
    ), counts as (
      select a.order_id, a.item, t.n, t.task, coalesce(r.cycle, 0) as cycle, coalesce(c.wanted, a.quantity) as wanted,
        coalesce(c.made[t.n], r.made, 0) as made, coalesce(c.handed[t.n], r.served >= a.quantity, false) as handed,
        coalesce(c.started[t.n], r.started, false) or coalesce(c.made[t.n], r.made, 0) > 0 as started,
        coalesce(c.served, min(coalesce(r.served, 0)) over (partition by a.order_id, a.item)) as served
      from added a
      cross join jsonb_array_elements(a.data -> 'tasks') with ordinality as t (task, n)
      left join reached r on r.order_id = a.order_id and r.item = a.item and r.task = t.task ->> 'id'
      left join counted c on c.order_id = a.order_id and c.item = a.item
    ), worked as (
      select k.order_id, k.item, k.wanted, k.served, bool_and(k.to_make = 0) as ready, bool_or(k.started or k.to_make = 0) as begun,
        jsonb_agg(k.task || jsonb_build_object('cycle', k.cycle, 'rank', case when k.handed then 3 when k.to_make = 0 then 2 when k.started then 1 else 0 end,
          'made', k.made, 'toMake', k.to_make) order by k.n) as tasks
      from (select c.*, greatest(0, c.wanted - greatest(c.made, c.served)) as to_make from counts c) k
      group by k.order_id, k.item, k.wanted, k.served
    ), lines as (
      select a.order_id, a.item, a.at, a.stamp, a.held, a.data ->> 'from' as split_from,
        (a.data -> 'line') || coalesce(d.fields, '{}') || coalesce(c.fields, '{}') as line, w.wanted, w.served, w.ready, w.begun, w.tasks,
        v.at as voided_at, v.reason, f.at as fired_at
      from added a
      join worked w on w.order_id = a.order_id and w.item = a.item
      left join changed d on d.order_id = a.order_id and d.item = a.item
      left join counted c on c.order_id = a.order_id and c.item = a.item
      left join voided v on v.order_id = a.order_id and v.item = a.item
      left join fired f on f.order_id = a.order_id and f.item = a.item
    ), waiting as (
      select l.order_id, l.item, (l.line -> 'course' ->> 'id') collate "C" as course, l.stamp
      from lines l where l.held and l.fired_at is null and l.line -> 'course' ->> 'id' is not null
    ), with_course as (
      -- The first time its course was fired after it was added: a line added and held after that waits for its own fire.
      -- Found by going through lines and fires once, the latest first; each with each would be a million pairs.
      select w.order_id, w.item, w.next[2]::bigint as at
      from (
        select b.order_id, b.item, min(array[b.stamp, b.fired_at::text collate "C"]) filter (where b.item is null) over (
          partition by b.order_id, b.course order by b.stamp desc groups between unbounded preceding and 1 preceding) as next
        from (
          select l.order_id, l.course, l.stamp, l.item, null::bigint as fired_at from waiting l
          union all select c.order_id, c.course, c.stamp, null, c.at from courses c
        ) b
      ) w
      where w.item is not null
    ), touched as (
      -- The first press, on whatever task: a line that somebody began is released, whatever was said of its course.
      select distinct on (p.order_id, p.item) p.order_id, p.item, p.at
      from presses p join added a on a.order_id = p.order_id and a.item = p.item
      where a.held and p.rank > 0
      order by p.order_id, p.item, p.stamp, p.at
    ), released as (
      select l.*, case when not l.held then l.at else coalesce(l.fired_at, w.at, t.at) end as released_at
      from lines l
      left join with_course w on w.order_id = l.order_id and w.item = l.item
      left join touched t on t.order_id = l.order_id and t.item = l.item
    )
    select p_restaurant, r.order_id, r.item, row_number() over (partition by r.order_id order by r.stamp, r.item)::int,
      r.line ->> 'menuItem', r.line ->> 'name',
      (r.line -> 'price')::bigint + coalesce((select sum((m -> 'price')::bigint)::bigint from jsonb_array_elements(r.line -> 'modifiers') m), 0),
      r.wanted::int, r.line -> 'modifiers', nullif(r.line -> 'seat', 'null')::int, r.line -> 'course' ->> 'id', r.line -> 'course' ->> 'name',
      r.line ->> 'note', private.allergens_of(r.line), private.texts(r.line -> 'allergies'), r.held,
      r.released_at is not null, private.moment(r.released_at),
      case
        -- A line of which all was split off is as good as voided: nothing of it is wanted.
        when r.voided_at is not null or r.wanted = 0 then 'voided'
        -- Served before held: a course changed elsewhere at the same time does not take the plate back from the guest.
        when r.served >= r.wanted then 'served'
        when r.released_at is null then 'held'
        when r.ready then 'ready'
        when r.begun then 'preparing'
        else 'confirmed'
      end,
      r.tasks, private.moment(r.at), private.moment(r.voided_at), r.reason, r.split_from
    from released r;
end $$;

select private.project_everything();
