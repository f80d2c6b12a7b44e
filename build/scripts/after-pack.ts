/** @file Called by electron-builder after packing: sets the fuses it does not know. Changes the packed executable only. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses'

/** What is needed of electron-builder's AfterPackContext. */
interface Packed {
  appOutDir: string
  electronPlatformName: string
  packager: { appInfo: { productFilename: string }; executableName?: string }
}

/** Fuses beyond those of `electronFuses` in electron-builder.yml. */
export const MORE_FUSES = {
  // On: without it WebAssembly checks its bounds one by one.
  [FuseV1Options.WasmTrapHandlers]: true,
} as const

/** The executable of a packed app. */
function executable({ appOutDir, electronPlatformName, packager }: Packed): string {
  const name = packager.appInfo.productFilename
  if (electronPlatformName === 'darwin') return path.join(appOutDir, `${name}.app`)
  if (electronPlatformName === 'win32') return path.join(appOutDir, `${name}.exe`)
  return path.join(appOutDir, packager.executableName ?? name)
}

/** Sets the remaining fuses; electron-builder sets its own right afterwards, before it signs. */
export default async function afterPack(packed: Packed): Promise<void> {
  const file = executable(packed)
  if (!existsSync(file)) throw new Error(`There is no ${file} to set fuses in`)
  await flipFuses(file, { version: FuseVersion.V1, ...MORE_FUSES })
}
