import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { EUR } from '../../gateway/money/asset.ts'
import { formatAmount, money, parseAmount } from '../../gateway/money/money.ts'

type Transfer = {
  id: string
  to: string
  amount: string
  fee: string
  state: 'done' | 'refused' | 'cancelled'
  at: number
  reason?: string
}

export type PaymentService = Readonly<{
  url: string
  /** What came to an account, in units. */
  got: (account: string) => bigint
  /** From now on it hangs up on everybody after it has done its work, until told otherwise. */
  hangUp: (on: boolean) => void
  /** From now on it hears nobody and says so (RFC 6585, 429), until told otherwise. */
  turnAway: (on: boolean) => void
  close: () => Promise<void>
}>

/** The account that it refuses to pay to. */
export const CLOSED_ACCOUNT = '0000'
const OPENING = parseAmount('1000.00', EUR).units

/** A payment service as many are: a transfer is made under an id of the caller's, once; an id can be cancelled while nothing came under it. */
export async function startPaymentService(feeEur: string): Promise<PaymentService> {
  const transfers = new Map<string, Transfer>()
  const done = () => [...transfers.values()].filter(({ state }) => state === 'done')
  const units = (amount: string) => parseAmount(amount, EUR).units
  const left = () => done().reduce((rest, { amount, fee }) => rest - units(amount) - units(fee), OPENING)
  let isDeaf = false
  let isBusy = false

  function answer(method: string, path: string, body: string): object {
    if (path === '/balance') return { balance: formatAmount(money(EUR, left())) }
    const id = path.slice('/transfers/'.length)
    const known = transfers.get(id)
    if (known) return known
    const at = Date.now()
    const transfer: Transfer =
      method === 'DELETE'
        ? { id, to: '', amount: '0', fee: '0', state: 'cancelled', at }
        : { id, ...(JSON.parse(body) as { to: string; amount: string }), fee: feeEur, state: 'done', at }
    if (transfer.to === CLOSED_ACCOUNT) Object.assign(transfer, { state: 'refused', reason: 'the account is closed' })
    transfers.set(id, transfer)
    return transfer
  }

  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    if (isBusy) return void response.writeHead(429).end(JSON.stringify({ error: 'too many requests' }))
    const answered = answer(request.method ?? '', request.url ?? '', body)
    if (isDeaf) return void response.destroy()
    response.end(JSON.stringify(answered))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // It listens on TCP.
    got: (account) => done().reduce((sum, { to, amount }) => (to === account ? sum + units(amount) : sum), 0n),
    hangUp: (on) => {
      isDeaf = on
    },
    turnAway: (on) => {
      isBusy = on
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
