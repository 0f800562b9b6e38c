import { GatewayError } from '../../errors/gatewayError.ts'
import type { SentVoucher } from '../vouchers/voucherWorth.ts'

/** Vouchers of one channel that wait at the same time. */
const WAITING_MAX = 1_000

type Waiting = Readonly<{ sent: SentVoucher; done: () => void; failed: (why: unknown) => void }>

/**
 * Takes the vouchers of one channel one at a time, of those that wait the highest first: a lower one is taken with it, so many at once cost one commit or two,
 * and none is refused because it was overtaken. Rejects with what `accept` throws, and with `too_busy`.
 */
export function createNewestFirst(o: {
  accept: (sent: SentVoucher) => Promise<unknown>
  acceptedOf: (sent: SentVoucher) => bigint
}): (sent: SentVoucher) => Promise<void> {
  const waiting = new Map<string, Waiting[]>()

  async function takeAll(key: string, all: Waiting[]): Promise<void> {
    while (all.length > 0) {
      const next = all.reduce((highest, one) => (one.sent.cumulative > highest.sent.cumulative ? one : highest))
      all.splice(all.indexOf(next), 1)
      await o.accept(next.sent).then(next.done, next.failed)
      for (const one of all.filter(({ sent }) => sent.cumulative <= o.acceptedOf(sent))) {
        all.splice(all.indexOf(one), 1)
        one.done()
      }
    }
    waiting.delete(key)
  }

  return (sent) => {
    if (sent.cumulative <= o.acceptedOf(sent)) return Promise.resolve()
    const key = `${sent.channel.rail} ${sent.channel.id}`
    const standing = waiting.get(key)
    if (standing && standing.length >= WAITING_MAX)
      return Promise.reject(new GatewayError('too_busy', `${WAITING_MAX} vouchers of this channel wait already`))
    return new Promise((done, failed) => {
      const one = { sent, done, failed }
      if (standing) return void standing.push(one)
      const all = [one]
      waiting.set(key, all)
      void takeAll(key, all)
    })
  }
}
