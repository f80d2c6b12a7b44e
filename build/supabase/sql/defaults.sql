-- @file The grants new tables and functions in public get by themselves: none on new projects, everything on older ones. Runs as the superuser.
do $$
begin
  if :defaults = 'all' then
    alter default privileges for role postgres in schema public grant all on tables to anon, authenticated, service_role;
    alter default privileges for role postgres in schema public grant all on sequences to anon, authenticated, service_role;
    alter default privileges for role postgres in schema public grant all on functions to anon, authenticated, service_role;
  end if;
end $$;
