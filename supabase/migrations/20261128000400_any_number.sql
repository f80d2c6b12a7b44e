-- @file Numbers of later versions: whatever JavaScript writes is kept in an event, also 5e-324; only what it cannot write, or very many of those, is refused.

-- Whether an event may be made a text, hashed or told again. 1e131071 is kept in a few bytes and written with as many
-- digits; a double has 309 before the point at most and 324 behind it, and so many of them that they fill the largest
-- event are no event. Requests of other programs stay within private.printable.
create function private.holdable(p jsonb) returns boolean
  language plpgsql immutable set search_path = '' as $$
begin
  return (
    select count(*) <= 1600 and coalesce(bool_and(abs(far.n) < 1.8e308 and scale(far.n) <= 324), true)
    from (select each.n::numeric from jsonb_path_query(p, 'strict $.** ? (@.type() == "number")') as each (n)) as far (n)
    where abs(far.n) > 1e16 or scale(far.n) > 64);
end $$;

-- Why each of these events can never be taken, as a code; null when it can. What only a later version can read is taken
-- unread. Of an event that cannot be written out only what names it comes back.
create or replace function private.faults_of(p_restaurant uuid, p_events jsonb) returns table (n bigint, event jsonb, fault text)
  language plpgsql stable rows 100 set search_path = '' as $$
declare
  -- Asked of all at once: honest devices send none.
  wild constant boolean := not private.holdable(p_events);
begin
  return query
    select b.n, b.event, case
      when b.wild then 'invalid'
      -- The database writes JSON with spaces; what counts is what was sent. None as small as that takes up 4 MB.
      when pg_column_size(b.event) > 4 * 1024 * 1024 then 'tooLarge'
      when octet_length(b.event::text) > 512 * 1024 and octet_length(private.canonical(b.event)) > 512 * 1024 then 'tooLarge'
      when jsonb_typeof(b.event) <> 'object' or not coalesce(b.event @@ e.shape, false) then 'invalid'
      when private.is_later(b.event ->> 'kind', (b.event -> 'v')::int, b.event ->> 'order', b.event -> 'data') then null
      when s.kind is null or s.orderless <> (b.event -> 'order' = 'null') or jsonb_typeof(b.event -> 'data') is distinct from 'object'
        or not coalesce(b.event -> 'data' @@ s.shape, false) then 'invalid'
      when s.kind = 'document.published'
        and (b.event -> 'data' -> 'version')::int > private.highest_version(p_restaurant, s.document) then 'invalid'
    end
    from (
      select e.n, e.wild, case when e.wild then private.words_of(e.event) else e.event end as event
      from (
        select l.n, l.event, wild and not private.holdable(l.event) as wild
        from jsonb_array_elements(p_events) with ordinality as l (event, n)
      ) e
    ) b
    join private.shapes e on e.kind = ''
    left join private.shapes s on s.kind = b.event ->> 'kind' and s.document = private.document_of(b.event ->> 'kind', b.event -> 'data');
end $$;
