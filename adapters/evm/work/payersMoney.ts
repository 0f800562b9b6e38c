import type { Clock } from '../../../gateway/ports/clock.ts'
import type { Hex } from '../../../gateway/ports/ids.ts'
import type { Contracts } from '../node/contracts.ts'
import type { Header } from '../node/wire.ts'
import { isPermit, type RequestOf } from '../sending/requests.ts'

type Authorization = RequestOf<'collection'>['authorization']
type Parts = Readonly<{
  agreedContracts: Pick<Contracts, 'balanceOf' | 'authorizationUsed' | 'permitUsed'>
  head: () => Pick<Header, 'number'>
  clock: Clock
}>
/** What is on its way from a payer, oldest first. `sum`: of all, in units. `look`: what the chain said at a block. */
type Payer = { readonly coming: Map<string, Authorization>; sum: bigint; look?: Readonly<{ block: bigint; balance: Promise<bigint> }> }

/** Of what is on its way from a payer so much is asked about at a time, and so often at a block. */
const ASKED_AT_ONCE = 64
const ASKS_MAX = 4

export type PayersMoney = ReturnType<typeof createPayersMoney>

/**
 * What is on its way from each payer. A simulation knows nothing of transactions that no block has yet, so a payer with the money for one of a hundred
 * authorizations would have all of them sent at once, and our gas would pay for those that revert. In memory: a start knows of none.
 */
export function createPayersMoney({ agreedContracts, head, clock }: Parts) {
  const payerOf = new Map<string, Hex>()
  const payers = new Map<Hex, Payer>()

  function note(id: string, authorization: Authorization): Payer {
    const { from } = authorization
    const payer = payers.get(from) ?? { coming: new Map<string, Authorization>(), sum: 0n }
    payers.set(from, payer)
    if (payer.coming.has(id)) return payer
    payerOf.set(id, from)
    payer.coming.set(id, authorization)
    payer.sum += takenBy(authorization)
    return payer
  }

  function drop(id: string): void {
    const from = payerOf.get(id)
    const payer = from === undefined ? undefined : payers.get(from)
    const authorization = payer?.coming.get(id)
    payerOf.delete(id)
    if (!payer || !authorization) return
    payer.coming.delete(id)
    payer.sum -= takenBy(authorization)
    if (payer.coming.size === 0) payers.delete(authorization.from)
  }

  /** Forgets what is used at the block, from the oldest on, and what has ended. */
  async function forgetUsed({ coming }: Payer, block: bigint): Promise<void> {
    const now = BigInt(clock.now())
    for (let n = 0; n < ASKS_MAX; n++) {
      const asked = [...coming.entries()].slice(0, ASKED_AT_ONCE)
      const isOver = await Promise.all(
        asked.map(async ([, one]) => one.validBefore * 1_000n < now || (await isUsed(agreedContracts, one, block))),
      )
      asked.forEach(([id], i) => {
        if (isOver[i]) drop(id)
      })
      if (!isOver.includes(true)) return
    }
  }

  /** The balance at the newest block, of which nothing is to be taken off any more that is used there. */
  function balanceAt(payer: Payer, from: Hex, block: bigint): Promise<bigint> {
    if (payer.look?.block === block) return payer.look.balance
    const balance = forgetUsed(payer, block).then(() => agreedContracts.balanceOf(from, block))
    payer.look = { block, balance }
    balance.catch(() => {
      delete payer.look
    })
    return balance
  }

  return {
    /** Whether the payer has enough for this one besides what is on its way before it; then it counts until `drop`. Throws as the node does. */
    async covers(id: string, authorization: Authorization): Promise<boolean> {
      const payer = note(id, authorization)
      if (payer.coming.size === 1) return true
      let isCovered = false
      try {
        const balance = await balanceAt(payer, authorization.from, head().number)
        isCovered = balance >= payer.sum || balance >= sumTo(payer, id)
        return isCovered
      } finally {
        if (!isCovered) drop(id)
      }
    },
    /** It ended, or is not sent after all. */
    drop,
  }
}

function isUsed(contracts: Parts['agreedContracts'], { kind, from, nonce }: Authorization, block: bigint): Promise<boolean> {
  return isPermit(kind) ? contracts.permitUsed(from, nonce, block) : contracts.authorizationUsed(from, nonce, block)
}

/** Of what came before it, and of it. */
function sumTo({ coming }: Payer, id: string): bigint {
  let sum = 0n
  for (const [one, authorization] of coming) {
    sum += takenBy(authorization)
    if (one === id) break
  }
  return sum
}

/** In units of the token: of a maximum its charge. */
function takenBy({ value, charge }: Authorization): bigint {
  return charge ?? value
}
