-- @file Read models: each restaurant's orders, menu, floor and stock as they stand now, for people, reports and other programs.
--
-- They are folded from the log by 000210 and 000220 and written by nobody else. Ids compare by their bytes, as in the app.
-- Money is in cents. Columns without a comment are what the newest write says.

create table public.menu_categories (
  restaurant_id uuid not null references public.restaurants (id) on delete cascade,
  id text collate "C" not null,
  position int not null,
  name text not null,
  course_id text,
  course_name text,
  -- [{station, step}] for items that have none of their own.
  route jsonb,
  primary key (restaurant_id, id)
);

create table public.menu_items (
  restaurant_id uuid not null references public.restaurants (id) on delete cascade,
  id text collate "C" not null,
  position int not null,
  name text not null,
  category_id text collate "C" not null,
  price int not null,
  -- Its own, else its category's.
  course_id text,
  course_name text,
  allergens text[] not null,
  modifier_groups text[] not null,
  -- [{station, step}]: its own, else its category's, else null.
  route jsonb,
  -- On the 86 list.
  out boolean not null,
  primary key (restaurant_id, id)
);

-- One row per option; an option belongs to one group.
create table public.menu_modifiers (
  restaurant_id uuid not null references public.restaurants (id) on delete cascade,
  group_id text collate "C" not null,
  id text collate "C" not null,
  group_position int not null,
  position int not null,
  group_name text not null,
  -- How many options of the group a line may have.
  min int not null,
  max int not null,
  name text not null,
  price int not null,
  allergens text[] not null,
  primary key (restaurant_id, group_id, id)
);

create table public.stations (
  restaurant_id uuid not null references public.restaurants (id) on delete cascade,
  id text collate "C" not null,
  position int not null,
  name text not null,
  -- Ticket age in seconds.
  warn_after int not null,
  late_after int not null,
  -- Where items go that have no route.
  is_default boolean not null,
  primary key (restaurant_id, id)
);

create table public.tables (
  restaurant_id uuid not null references public.restaurants (id) on delete cascade,
  id text collate "C" not null,
  position int not null,
  name text not null,
  area_id text collate "C" not null,
  area_name text,
  seats int not null,
  -- Shares (0–1) of the area's width and height.
  x numeric not null,
  y numeric not null,
  w numeric not null,
  h numeric not null,
  shape text not null,
  primary key (restaurant_id, id)
);

create table public.seats (
  restaurant_id uuid not null,
  table_id text collate "C" not null,
  seat int not null,
  primary key (restaurant_id, table_id, seat),
  foreign key (restaurant_id, table_id) references public.tables (restaurant_id, id) on delete cascade
);

-- The newest word on each dish that was ever on the 86 list, whether it is on the menu or not.
create table public.stock (
  restaurant_id uuid not null references public.restaurants (id) on delete cascade,
  menu_item text collate "C" not null,
  out boolean not null,
  at timestamptz not null,
  stamp text collate "C" not null,
  primary key (restaurant_id, menu_item)
);

-- An order is here once its `order.opened` has arrived; what arrived before waits in the log.
create table public.orders (
  restaurant_id uuid not null references public.restaurants (id),
  id text collate "C" not null,
  -- As people say it, e.g. "12" or "B12".
  number text not null,
  -- Business day, YYYY-MM-DD.
  day text collate "C" not null,
  type text not null,
  table_id text collate "C",
  table_name text,
  covers int not null,
  server_id text collate "C",
  server_name text,
  note text not null,
  priority text not null,
  -- confirmed, preparing, ready, served or cancelled.
  status text not null,
  opened_at timestamptz not null,
  cancelled_at timestamptz,
  cancel_reason text,
  -- Whether any item was released to the kitchen.
  in_kitchen boolean not null,
  -- Voided items excluded.
  total bigint not null,
  -- Of its newest event.
  updated_seq bigint not null,
  updated_at timestamptz not null,
  -- Whether all of its events have left the log.
  archived boolean not null default false,
  primary key (restaurant_id, id)
);
create index orders_of_day on public.orders (restaurant_id, day, opened_at);
create index orders_open on public.orders (restaurant_id, opened_at) where status in ('confirmed', 'preparing', 'ready');
create index orders_of_server on public.orders (restaurant_id, server_id, opened_at);
create index orders_to_archive on public.orders (restaurant_id, updated_at) where status in ('served', 'cancelled') and not archived;

create table public.order_items (
  restaurant_id uuid not null,
  order_id text collate "C" not null,
  id text collate "C" not null,
  -- Place on the ticket, from 1.
  position int not null,
  menu_item text collate "C" not null,
  name text not null,
  -- For one, modifiers included.
  price bigint not null,
  quantity int not null,
  -- [{id, name, price, allergens?}]
  modifiers jsonb not null,
  seat int,
  course_id text,
  course_name text,
  note text not null,
  -- What the dish contains with its modifiers; what the guest is allergic to.
  allergens text[] not null,
  allergies text[] not null,
  -- Was ordered to wait for its course. It is released when it no longer does, or never did.
  held boolean not null,
  released boolean not null,
  released_at timestamptz,
  -- held, confirmed, preparing, ready, served or voided.
  status text not null,
  -- [{id, station, step, cycle, rank}]: rank 0 to 3 is confirmed, preparing, ready, served; each recall begins a cycle.
  tasks jsonb not null,
  added_at timestamptz not null,
  voided_at timestamptz,
  void_reason text,
  -- The line it was split from.
  split_from text,
  primary key (restaurant_id, order_id, id),
  foreign key (restaurant_id, order_id) references public.orders (restaurant_id, id)
);
create index order_items_open on public.order_items (restaurant_id, status) where status in ('held', 'confirmed', 'preparing', 'ready');

-- The newest version of each document. Not readable through the API: the staff document holds PIN hashes.
create table private.documents (
  restaurant_id uuid not null references public.restaurants (id) on delete cascade,
  name text collate "C" not null,
  version int not null,
  stamp text collate "C" not null,
  body jsonb not null,
  primary key (restaurant_id, name)
);

alter table public.menu_categories enable row level security;
alter table public.menu_items enable row level security;
alter table public.menu_modifiers enable row level security;
alter table public.stations enable row level security;
alter table public.tables enable row level security;
alter table public.seats enable row level security;
alter table public.stock enable row level security;
alter table public.orders enable row level security;
alter table public.order_items enable row level security;
