-- @file Text that other programs send: line ends of any kind and stray control characters are no reason to refuse an order. The core that takes it keeps it as typed text.

-- Whether a value is as a rule says; null when it has not even its type.
create or replace function private.fits(p_value jsonb, p_rule text) returns boolean
  language plpgsql immutable set search_path = '' as $$
declare
  kind constant text := split_part(p_rule, ':', 1);
  type constant text := jsonb_typeof(p_value);
  word constant text := case when type = 'string' then p_value #>> '{}' end;
begin
  return case
    when kind = 'uuid' then word ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
    when kind = 'key' then length(word) between 1 and 64 and word !~ '[[:cntrl:]]'
    when kind = 'text' then length(word) <= split_part(p_rule, ':', 2)::int
    -- Digits only: a number of the wrong kind or size never becomes one here.
    when kind = 'int' then case when type = 'number' and p_value::text ~ '^\d{1,6}$' then
      p_value::text::int between split_part(p_rule, ':', 2)::int and split_part(p_rule, ':', 3)::int end
    when kind = 'bool' then type = 'boolean'
    when kind = 'keys' then case when type = 'array' then jsonb_array_length(p_value) <= split_part(p_rule, ':', 2)::int
      and not exists (select from jsonb_array_elements(p_value) e where private.fits(e, 'key') is not true) end
    else word = any (string_to_array(p_rule, '|'))
  end;
end $$;
