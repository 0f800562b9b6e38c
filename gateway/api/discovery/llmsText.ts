import { type ListedRail, priceInWords } from './listedRails.ts'
import { type Listing, oneLine } from './listing.ts'

const FOR_AGENTS = '. Only for programs that sign their requests (Web Bot Auth) and are known here'

/** `/llms.txt`: what is sold here, for what, and how to pay, in words for a program that reads. */
export function llmsText({ origin, name, description, routes, unlisted }: Listing, rails: readonly ListedRail[]): string {
  const sold = routes.map(({ method, path, price, description: said, isForAgents }) => {
    return `- ${method} ${origin}${path}: ${priceInWords(price)}${said === '' ? '' : `. ${oneLine(said)}`}${isForAgents ? FOR_AGENTS : ''}`
  })
  const more = unlisted > 0 ? [`- and ${unlisted} more; ask for one of them and its 402 says its price`] : []
  const lines = [
    `# ${name === '' ? origin : name}`,
    '',
    `> ${description === '' ? 'Requests that are paid for one by one.' : description}`,
    '',
    'Ask for a route without a payment: the answer is 402 with its price and every way to pay. Pay in one of them and send the same request again with the proof.',
    'What a 402 says binds; this page does not. A request that is answered with 400 or more is not charged, or its money goes back.',
    '',
    '## Paid routes',
    '',
    ...(sold.length === 0 ? ['- none is listed'] : sold),
    ...more,
    '',
    '## How to pay',
    '',
    ...rails.map(howToPay),
    '- A balance at the gateway: the header Authorization: Bearer sk_..., with an Idempotency-Key',
    '',
    'With Accept-Payment: evm/charge or lightning/charge a client says which it wants. An answer that was paid for carries Payment-Receipt, and',
    'Switchyard-Receipt with the id that GET /v1/payments/:id of the gateway tells the state of.',
    '',
    '## Descriptions',
    '',
    `- [OpenAPI](${origin}/openapi.json): every route with x-payment-info`,
    `- [x402](${origin}/.well-known/x402): the addresses alone`,
    '',
  ]
  return lines.join('\n')
}

function howToPay(rail: ListedRail): string {
  if (rail.kind === 'lightning')
    return '- Lightning: L402, or MPP lightning/charge; pay the invoice of WWW-Authenticate and send its preimage'
  const { code, chainId, token } = rail
  return `- ${code} on eip155:${chainId} (token ${token}): x402 v2, scheme exact, in PAYMENT-SIGNATURE; or MPP evm/charge. A signature pays, the payer needs no gas`
}
