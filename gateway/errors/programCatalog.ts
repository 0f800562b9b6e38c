import type { ErrorKind } from './errorKind.ts'

/** The codes of the programs that run on somebody's own machine: rows of `catalog.ts`, which says what they are. */
export const programCatalog = {
  already_charged: {
    status: 409,
    title: 'What the work used was charged already',
    hint: 'One word says what a work used in the end, and it has come, or its time was over: then what was told before is taken.',
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
  // Configuration
  node_too_old: {
    status: 500,
    title: 'This Node is too old',
    hint: "Install a newer one from nodejs.org; or run: npx -p node@24 -c 'node app.js', with your own command in the quotes.",
  },
  no_gateway_answers: {
    status: 503,
    title: 'No gateway answers there',
    hint: 'See that it runs and that this is its address, then type the same again.',
  },
  address_unavailable: {
    status: 500,
    title: 'The gateway cannot listen on this address',
    hint: 'Name another port, or end what listens there.',
  },
  backup_unreadable: {
    status: 422,
    title: 'The backup cannot be put back',
    hint: 'Nothing was written. Take another backup.',
  },
  deployment_refused: {
    status: 409,
    title: 'The contracts cannot be deployed like this',
    hint: 'Correct what the message names and run the same command again: what stands is not deployed twice.',
  },
} as const satisfies Record<string, ErrorKind>
