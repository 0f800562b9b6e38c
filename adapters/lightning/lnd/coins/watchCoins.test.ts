import { expect, test } from 'vitest'
import { idOf, receivingLnd } from '../../../../test/lnd/receivingLnd.ts'
import { setClosingsAfter, watchClosings } from '../closings/watchClosings.ts'
import { type LndStore, openLndStore } from '../node/store.ts'
import { watchCoins } from './watchCoins.ts'

/** A file of a gateway whose books began at block 7. */
function fileOf(): LndStore {
  const store = openLndStore(':memory:')
  setClosingsAfter(store, 7)
  return store
}

function coinsOn({ lnd }: ReturnType<typeof receivingLnd>, store = fileOf()) {
  const coins = watchCoins(lnd, store, { height: 9, log: () => {} })
  coins.begin()
  return { coins, closings: watchClosings(lnd, store, { now: () => 0 }) }
}

test('what the wallet held when the books began is told once, and what came since by itself', async () => {
  const node = receivingLnd()
  node.deposit({ n: 1, height: 6, sats: 500 })
  node.deposit({ n: 2, height: 7, sats: 50 })
  const { coins } = coinsOn(node)
  expect(await coins.look()).toMatchObject({ wholeSats: 550n, isWaiting: false, unexplained: [] })
  node.deposit({ n: 3, height: 8, sats: 5 })
  expect(await coins.look()).toMatchObject({ wholeSats: 555n })
  expect(coins.effects()).toEqual([
    { id: 'wallet', kind: 'funded', place: 'wallet', sats: 550n },
    { id: `coins ${idOf(3)}`, kind: 'funded', place: 'wallet', sats: 5n },
  ])
})

test('an empty file tells the same by the same names, so that nothing is booked twice', async () => {
  const node = receivingLnd()
  node.deposit({ n: 1, height: 6, sats: 500 })
  node.deposit({ n: 3, height: 8, sats: 5 })
  const [first, next] = [coinsOn(node).coins, coinsOn(node).coins]
  for (const coins of [first, next]) await coins.look()
  expect(next.effects()).toEqual(first.effects())
})

test('nothing is told or compared before the books have what the node held', async () => {
  const node = receivingLnd()
  node.deposit({ n: 1, height: 6, sats: 500 })
  const coins = watchCoins(node.lnd, fileOf(), { height: 9, log: () => {} })
  expect(await coins.look()).toBeUndefined()
  expect(coins.effects()).toEqual([])
})

test('what a closed channel brought is no deposit, also before its closing is told', async () => {
  const node = receivingLnd()
  const store = fileOf()
  const { coins, closings } = coinsOn(node, store)
  // The transaction that closed it, as the node lists it.
  node.close({ n: 1, height: 8, sats: 40 })
  node.deposit({ n: 101, height: 8, sats: 40 })
  expect(await coins.look()).toMatchObject({ wholeSats: 0n, isWaiting: true })
  await closings.look()
  expect(await coins.look()).toMatchObject({ wholeSats: 40n, isWaiting: false })
  expect(coins.effects()).toEqual([])
})
