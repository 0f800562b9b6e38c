import type { Fact } from '../../gateway/ports/books.ts'
import type { Teller } from './teller.ts'

const OPEN_MAX = 6

/** Passkeys of keys without end, a step at a time: added, counted, taken away, or gone with their key. */
export function* devices(t: Teller, holders: readonly string[]): Generator<Fact[], never> {
  const open: { id: string; key: string }[] = []
  for (;;) {
    if (open.length < OPEN_MAX && t.dice.percent(40)) {
      const [id, key, keyHash] = [t.id('psk_'), t.id('key_'), t.dice.hex(64)]
      open.push({ id, key })
      const data = { credential: t.dice.hex(32), publicKey: t.dice.hex(64), counter: 0, keyHash, key, holder: t.dice.pick(holders) }
      yield [t.fact('passkey.added', id, { ...data, name: 'laptop', from: '127.0.0.1' })]
    } else if (open.length > 0) {
      const one = t.dice.pick(open)
      const deed = t.dice.below(4)
      if (deed === 0) yield [t.fact('passkey.removed', one.id, { from: '127.0.0.1' })]
      else if (deed === 1) yield [t.fact('key.ended', one.key, { endsAt: 1_800_000_000_000, by: 'operator', revoked: true })]
      else yield [t.fact('passkey.counted', one.id, { counter: t.dice.below(1_000) })]
      if (deed < 2) open.splice(open.indexOf(one), 1)
    } else yield []
  }
}
