/** @file Test helpers: a vault in memory. */
import type { Vault } from '../../../main/core/ports.ts'

/** A vault that forgets when the test ends. */
export interface MemoryVault extends Vault {
  kept: Map<string, string>
  /** What the next writes reject with; null: they work. */
  broken: Error | null
}

export function memoryVault(): MemoryVault {
  const vault: MemoryVault = {
    kept: new Map(),
    broken: null,
    read: async (name) => vault.kept.get(name) ?? null,
    async write(name, value) {
      if (vault.broken) throw vault.broken
      if (value === null) vault.kept.delete(name)
      else vault.kept.set(name, value)
    },
  }
  return vault
}
