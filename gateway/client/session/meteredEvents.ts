import { GroundError } from '../../errors/groundError.ts'
import { max, min } from '../../money/integers.ts'
import { fromBase64Json, fromJson } from '../offers/bytes.ts'
import { type ServerEvent, serverEvents } from './serverEvents.ts'
import type { SessionOffer } from './sessionOffer.ts'
import type { Vouchers } from './vouchers.ts'

type Voucher = () => ReturnType<Vouchers['voucher']>

type Metered = Readonly<{
  vouchers: Vouchers
  offer: () => SessionOffer
  begin: (voucher: Voucher) => Promise<Response>
  vouch: (voucher: Awaited<ReturnType<Voucher>>) => Promise<unknown>
}>

/**
 * The events of a stream that is paid by its use. A step is owed at its beginning, and another each time that the gateway asks for one: never more than a step
 * at once, and never more than the offer says of a request. The gateway's own events are not handed on.
 */
export async function* meteredEvents({ vouchers, offer, begin, vouch }: Metered): AsyncGenerator<ServerEvent> {
  const { step, most } = offer()
  let owes = min(step, most)
  const unserved = vouchers.owe(owes)
  vouchers.began()
  let spent: bigint | undefined
  try {
    const response = await begin(() => vouchers.voucher(offer()))
    if (!response.ok || !response.body) {
      unserved()
      throw new GroundError('payment_declined', `The gateway answered ${response.status} to the stream`, {
        meta: { status: response.status },
      })
    }
    for await (const event of serverEvents(response.body)) {
      if (event.event === 'payment-need-voucher') {
        const more = max(unitsIn(event.data, 'requiredCumulative') - vouchers.owed(), 0n)
        if (more > step || owes + more > most)
          throw new GroundError('payment_declined', `The stream asks for ${more} units, more than a step of ${step} or than ${most} in all`)
        vouchers.owe(more)
        owes += more
        await vouch(await vouchers.voucher(offer()))
      } else if (event.event === 'payment-receipt') spent = unitsIn(event.data, 'spent')
      else yield event
    }
  } finally {
    vouchers.ended(spent)
  }
}

/** What the session's receipt says that was spent; undefined where there is none. */
export function receiptIn(response: Response): bigint | undefined {
  const receipt = response.headers.get('payment-receipt')
  return receipt === null ? undefined : unitsOf(fromBase64Json(receipt), 'spent')
}

function unitsIn(text: string, name: string): bigint {
  const units = unitsOf(fromJson(text), name)
  if (units === undefined) throw new GroundError('payment_declined', `The stream's own event has no ${name}`)
  return units
}

function unitsOf(json: unknown, name: string): bigint | undefined {
  const value = typeof json === 'object' && json !== null ? Reflect.get(json, name) : undefined
  return typeof value === 'string' && /^\d{1,39}$/.test(value) ? BigInt(value) : undefined
}
