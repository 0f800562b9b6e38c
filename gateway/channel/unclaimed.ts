import type { Books } from '../ports/books.ts'
import type { Channel, ChannelView } from '../settlement/channelView.ts'

export type Unclaimed = ReturnType<typeof createUnclaimed>

/** Channels whose newest voucher is, as far as we know, not claimed yet. After a start these are all with a voucher, until the chain says more. */
export function createUnclaimed(o: { books: Pick<Books, 'listen'>; view: ChannelView; isServed: (rail: string) => boolean }) {
  const keys = new Map<string, Pick<Channel, 'rail' | 'id'>>()
  const keyOf = ({ rail, id }: Pick<Channel, 'rail' | 'id'>) => `${rail} ${id}`

  o.books.listen((fact) => {
    if (fact.type !== 'voucher.accepted') return
    const channel = { rail: fact.data.rail, id: fact.data.channel } as Pick<Channel, 'rail' | 'id'> // As `acceptVoucher` wrote them.
    keys.set(keyOf(channel), channel)
  })

  const all = (): Channel[] =>
    [...keys.values()].flatMap(({ rail, id }) => {
      const channel = o.view.of(rail, id)
      return channel && !channel.withdrawn && o.isServed(rail) ? [channel] : []
    })

  return {
    all,
    of: (rail: string, splitId: string): Channel[] =>
      all().filter((channel) => channel.rail === rail && channel.splitId.toLowerCase() === splitId.toLowerCase()),
    /** The chain has claimed this voucher; unless a newer one came meanwhile. */
    done(channel: Channel): void {
      if (o.view.of(channel.rail, channel.id)?.accepted === channel.accepted) keys.delete(keyOf(channel))
    },
  }
}
