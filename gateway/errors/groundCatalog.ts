import type { ErrorKind } from './errorKind.ts'

/**
 * The codes of what runs in a page too: amounts, shares and the payer's client, which carries these and no others. Rows of `catalog.ts`, which says what they
 * are.
 */
export const groundCatalog = {
  invalid_request: { status: 400, title: 'The request is not valid', hint: 'Correct the fields named in `errors` and send it again.' },
  invalid_amount: {
    status: 400,
    title: 'The amount is not valid',
    hint: 'Send a positive decimal string, such as "0.002", within the precision of its asset.',
  },
  invalid_split: {
    status: 400,
    title: 'The split table is not valid',
    hint: 'Send 1 to 200 payees, each account once, with whole positive shares that sum to at most 2^96.',
  },
  too_busy: { status: 429, title: 'The queue is full', hint: 'Nothing was taken. Try again after the seconds in Retry-After.' },
  outcome_unknown: {
    status: 503,
    title: 'The outcome is not known yet',
    hint: 'Do not pay again. Repeat the same request: it is looked up, not repeated.',
  },
  unsafe_configuration: {
    status: 500,
    title: 'This configuration could lose money',
    hint: 'Nothing was started. Change the setting that the message names.',
  },
  // The payer's client
  budget_exceeded: {
    status: 402,
    title: 'The payment would exceed the budget',
    hint: "Nothing was signed or paid. Raise the budget, or wait until the day's spending is older than 24 hours.",
  },
  budget_store_failed: {
    status: 503,
    title: 'What was spent cannot be looked up or written down',
    hint: 'Nothing was signed or paid. Repair the store that the message names, or give the payer another one.',
  },
  payment_declined: { status: 402, title: 'The payment was not approved', hint: 'Nothing was signed or paid.' },
  no_payable_offer: {
    status: 402,
    title: 'No offer can be paid with these wallets',
    hint: 'The reason for each offer is in `meta.refused`; add a wallet for one of them.',
  },
} as const satisfies Record<string, ErrorKind>

export type GroundCode = keyof typeof groundCatalog
