import type { ErrorKind } from './errorKind.ts'

/** The codes of the programs that run on somebody's own machine: rows of `catalog.ts`, which says what they are. */
export const programCatalog = {
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
  webhook_invalid: {
    status: 400,
    title: 'The webhook is not from the gateway',
    hint: "Believe nothing of it. Verify the body byte for byte as it came, with the endpoint's secret.",
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
