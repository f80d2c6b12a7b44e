/** @file Money: integer cents, formatted only when shown. Pure. */

/** Shows integer cents in a currency, e.g. `money(1250, 'EUR', 'en-IE')` → `€12.50`. */
export function money(cents: number, currency: string, locale?: string): string {
  return new Intl.NumberFormat(locale, { style: 'currency', currency }).format(cents / 100)
}
