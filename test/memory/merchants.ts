import type { Fact } from '../../gateway/ports/books.ts'
import { plainMoney, type Teller, USDC } from './teller.ts'

const OPEN_MAX = 12

/** Payment links without end, a step at a time: made, paid by, closed, opened again, and forgotten. */
export function* merchants(t: Teller, sellers: readonly string[]): Generator<Fact[], never> {
  const links: LinkTold[] = []
  for (;;) {
    if (links.length < OPEN_MAX && t.dice.percent(30)) yield [linkMade(t, { links, seller: t.dice.pick(sellers) })]
    else if (links.length > 0) yield linkStep(t, links)
    else yield []
  }
}

type LinkTold = { id: string; seller: string; active: boolean; open: string[]; left: number }

function linkMade(t: Teller, { links, seller }: Readonly<{ links: LinkTold[]; seller: string }>): Fact {
  const id = t.id('pl_')
  const [few, chosen] = [t.dice.percent(50), t.dice.percent(50)]
  const left = few ? 1 + t.dice.below(3) : 6
  links.push({ id, seller, active: true, open: [], left })
  const price = chosen ? { least: plainMoney(USDC, 1), most: plainMoney(USDC, 9) } : { amount: plainMoney(USDC, 5) }
  const ends = few ? { usesMax: left } : { expiresAt: 1_900_000_000_000 }
  return t.fact('payment_link.created', id, {
    payee: { kind: 'party', id: seller },
    ...price,
    about: { seller: 'Ünal' },
    metadata: { shop: 'north' },
    payWithinS: 900,
    ...ends,
    by: 'operator',
  })
}

/** What happens to one link next. One by which nobody can pay any more is left to itself. */
function linkStep(t: Teller, links: LinkTold[]): Fact[] {
  const place = t.dice.below(links.length)
  const link = links[place]!
  if (link.open.length > 0 && t.dice.percent(50)) {
    const intent = link.open.pop()!
    if (t.dice.percent(30)) return [t.fact('intent.expired', intent)]
    link.left--
    const paid = { rail: 'book', settlementId: `book:${intent}`, amount: plainMoney(USDC, 5), receipt: t.id('rc_') }
    return [t.fact('intent.settled', intent, paid)]
  }
  if (link.left <= link.open.length || t.dice.percent(15)) {
    if (!link.active && link.open.length === 0) links.splice(place, 1)
    link.active = !link.active
    return [t.fact(link.active ? 'payment_link.activated' : 'payment_link.deactivated', link.id, { by: 'operator' })]
  }
  const intent = t.id('pi_')
  link.open.push(intent)
  const terms = { amount: plainMoney(USDC, 5), credit: plainMoney(USDC, 5), metadata: {}, expiresAt: 1_900_000_000_000, offers: [] }
  return [t.fact('intent.created', intent, { ...terms, payee: { kind: 'party', id: link.seller }, origin: link.id })]
}
