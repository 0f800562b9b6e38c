import { type AccountOptions, createBooks } from './books.ts'
import { controls } from './controls.ts'
import { lists } from './lists.ts'
import { requests } from './requests.ts'

/** One account at Stripe. */
export function createAccount(options: AccountOptions) {
  const books = createBooks(options)
  return { ...requests(books), ...lists(books), ...controls(books) }
}

export type StripeAccount = ReturnType<typeof createAccount>
