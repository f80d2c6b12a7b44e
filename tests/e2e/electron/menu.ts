/** @file The menu and the dialogs of a running app, without a hand on the mouse. Replaces its dialogs. */
import type { PlateApp } from './app.ts'

/** Answers dialogs with the next of `responses` and remembers what they said. */
export const answerDialogs = (plate: PlateApp, responses: number[]): Promise<void> =>
  plate.app.evaluate(({ dialog }, answers) => {
    const said: string[] = []
    Object.assign(globalThis, { said })
    dialog.showMessageBox = async (...args: unknown[]) => {
      said.push((args.at(-1) as { message: string }).message)
      return { response: answers.shift() ?? 0, checkboxChecked: false }
    }
  }, responses)

export const said = (plate: PlateApp): Promise<string[]> =>
  plate.app.evaluate(() => (globalThis as unknown as { said: string[] }).said)

export const choose = (plate: PlateApp, item: string): Promise<void> =>
  plate.app.evaluate(({ Menu }, id) => Menu.getApplicationMenu()?.getMenuItemById(id)?.click(), item)
