-- @file Seed of local databases: a demo restaurant with a login for every role. Never run on a hosted project.
--
-- Its menu and orders come from the first PC that joins: make a device code as the manager, and connect Plate with it.
-- login: admin@copperpan.test copper-pan
-- login: manager@copperpan.test copper-pan
-- login: host@copperpan.test copper-pan
-- login: expo@copperpan.test copper-pan
-- login: cook@copperpan.test copper-pan
-- login: server@copperpan.test copper-pan

insert into public.restaurants (id, name) values ('c0bbe000-0000-4000-8000-000000000001', 'The Copper Pan')
on conflict do nothing;

do $$
declare
  who record;
  user_of uuid;
begin
  for who in
    select * from (values
      (1, 'admin'::public.person_role, 'gus', 'Gus'),
      (2, 'manager', 'farah', 'Farah'),
      (3, 'host', 'emil', 'Emil'),
      (4, 'expo', 'dora', 'Dora'),
      (5, 'cook', 'chidi', 'Chidi'),
      (6, 'server', 'ana', 'Ana')) as p (n, role, staff, name)
  loop
    user_of := ('c0bbe000-0000-4000-8000-00000000010' || who.n)::uuid;
    -- The texts of tokens must not be null: the Auth server cannot read such a user.
    insert into auth.users (instance_id, id, aud, role, email, encrypted_password, email_confirmed_at, confirmation_token,
        recovery_token, email_change_token_new, email_change, raw_app_meta_data, raw_user_meta_data, created_at, updated_at)
      values ('00000000-0000-0000-0000-000000000000', user_of, 'authenticated', 'authenticated', who.role || '@copperpan.test',
        extensions.crypt('copper-pan', extensions.gen_salt('bf')), now(), '', '', '', '',
        '{"provider": "email", "providers": ["email"]}', jsonb_build_object('name', who.name), now(), now())
      on conflict do nothing;
    insert into auth.identities (provider_id, user_id, identity_data, provider, created_at, updated_at)
      values (user_of::text, user_of, jsonb_build_object('sub', user_of, 'email', who.role || '@copperpan.test', 'email_verified', true),
        'email', now(), now())
      on conflict do nothing;
    -- Members of the demo restaurant that Plate ships with.
    insert into public.profiles (user_id, restaurant_id, role, staff_id, name)
      values (user_of, 'c0bbe000-0000-4000-8000-000000000001', who.role, who.staff, who.name)
      on conflict do nothing;
  end loop;
end $$;
