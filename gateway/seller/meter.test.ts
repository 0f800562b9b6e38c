import { expect, test } from 'vitest'
import { USD } from '../money/asset.ts'
import { type Money, money } from '../money/money.ts'
import { flowing } from './flow.ts'
import { createMeter } from './meter.ts'
import { usd } from './price.ts'

const NOTHING = money(USD, 0n)
const MOST = 100n
const STEP = 10n
const ofUnits = (units: bigint) => money(USD, units)

/** Whoever is told answers when it is let. */
function slowTeller() {
  const words: Readonly<{ units: bigint; take: () => void; refuse: (error: Error) => void }>[] = []
  const tell = ({ units }: Money) =>
    new Promise<void>((take, refuse) => {
      words.push({ units, take, refuse })
    })
  return { words, tell }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('what is used is told from half a step on, one word at a time, each with all of it', async () => {
  const { meter, tellBy, owes } = createMeter({ most: MOST, step: STEP })
  const { words, tell } = slowTeller()
  tellBy(tell, NOTHING)
  meter.add(ofUnits(4n))
  expect(words).toEqual([])
  meter.add(ofUnits(1n))
  expect([words.map(({ units }) => units), owes()]).toEqual([[5n], false])
  meter.add(ofUnits(20n))
  expect([words.length, owes()]).toEqual([1, true])
  words[0]!.take()
  await turn()
  expect(words.map(({ units }) => units)).toEqual([5n, 25n])
  words[1]!.take()
  await turn()
  expect([words.length, owes()]).toEqual([2, false])
})

test('no part goes out while a step is owed, so that less than one is ever given and not told', async () => {
  const running = createMeter({ most: MOST, step: STEP })
  const { words, tell } = slowTeller()
  running.tellBy(tell, NOTHING)
  let ends = 0
  async function* work() {
    for (let n = 0; n < 20; n++) {
      running.meter.add(ofUnits(5n))
      yield `${n} `
    }
  }
  const { owes, covered } = running
  const reader = flowing(work(), { owes, covered, end: () => ends++, onCut: () => {} }).getReader()
  let told = 0n
  const untold: bigint[] = []
  for (let part = reader.read(), given = 0n; ; part = reader.read()) {
    const taker = setInterval(() => {
      const word = words.shift()
      if (word) told = word.units
      word?.take()
    })
    const { done } = await part
    clearInterval(taker)
    if (done) break
    given += 5n
    untold.push(given - told)
  }
  expect(untold).toHaveLength(20)
  expect(untold.filter((units) => units >= STEP)).toEqual([])
  expect(ends).toBe(1)
})

test('what can not be told ends the stream and its work', async () => {
  const running = createMeter({ most: MOST, step: STEP })
  const { words, tell } = slowTeller()
  running.tellBy(tell, NOTHING)
  let [ends, left] = [0, false]
  async function* work() {
    try {
      for (;;) {
        running.meter.add(ofUnits(STEP))
        yield 'more '
      }
    } finally {
      left = true
    }
  }
  const source = Object.assign(work(), {
    destroy() {
      left = true
    },
  })
  const { owes, covered } = running
  const read = flowing(source, { owes, covered, end: () => ends++, onCut: () => {} })
    .getReader()
    .read()
  await turn()
  words[0]!.refuse(new Error('the gateway has gone'))
  await expect(read).rejects.toThrow('the gateway has gone')
  expect([ends, left]).toEqual([1, true])
})

test('a reader that leaves ends it too', async () => {
  let [ends, canceled] = [0, 0]
  const source = new ReadableStream<Uint8Array>({ cancel: () => void canceled++ })
  const stream = flowing(source, { owes: () => false, covered: async () => {}, end: () => ends++, onCut: () => {} })
  await stream.cancel()
  expect([ends, canceled]).toEqual([1, 1])
})

test('after its end nothing is left and nothing counted', () => {
  const { meter, end } = createMeter({ most: MOST, step: STEP })
  meter.add(ofUnits(30n))
  expect(end()).toEqual(ofUnits(30n))
  expect([meter.add(ofUnits(30n)).units, meter.left().units, meter.spent().units]).toEqual([0n, 0n, 30n])
})

test('nothing more is given after it was cut off, and what was used by then is known', async () => {
  const { meter, cut, covered } = createMeter({ most: MOST, step: STEP })
  meter.add(usd('0.00003'))
  expect(cut(new Error('late'))).toEqual(ofUnits(30n))
  await expect(covered()).rejects.toThrow('late')
})
