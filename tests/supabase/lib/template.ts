/** @file Prepared databases to copy: made once per cluster by whoever needs one first. Writes the cluster. */
import { randomUUID } from 'node:crypto'
import postgres from 'postgres'
import type { ClusterAddresses } from '../../../build/supabase/cluster.ts'
import { createDatabase, prepareDatabase } from '../../../build/supabase/prepare.ts'

export interface TemplateKind {
  bare: boolean
  defaults: 'none' | 'all'
}

async function make(cluster: ClusterAddresses, template: string, kind: TemplateKind): Promise<void> {
  await createDatabase(cluster, template)
  await prepareDatabase(cluster, template, {
    defaults: kind.defaults,
    ...(kind.bare ? { migrations: null } : {}),
  })
}

/** A new database of this kind; its name. @throws with the migration and the line when one fails. */
export async function copyOfTemplate(cluster: ClusterAddresses, kind: TemplateKind): Promise<string> {
  const template = `plate_${kind.bare ? 'bare' : 'migrated'}_${kind.defaults}`
  const admin = postgres(cluster.adminUrl('postgres'), { max: 1, onnotice: () => {} })
  try {
    // Test files run side by side. One lock for all kinds: they share the cluster's roles.
    await admin`select pg_advisory_lock(hashtext('plate templates'))`
    const [found] = await admin`select datistemplate from pg_database where datname = ${template}`
    if (!found?.datistemplate) {
      if (found) await admin.unsafe(`drop database "${template}" with (force)`)
      await make(cluster, template, kind)
      await admin.unsafe(`alter database "${template}" is_template true`)
    }
    const copy = `test_${randomUUID().replaceAll('-', '')}`
    await createDatabase(cluster, copy, template)
    return copy
  } finally {
    await admin.end()
  }
}
