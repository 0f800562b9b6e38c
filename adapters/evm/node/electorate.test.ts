import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createElectorate, type Voter } from './electorate.ts'
import { RpcRefused, RpcSilent } from './rpc.ts'

type Answer = number | null | 'silence' | 'refusal'

/** Endpoints that answer so, all at block 10. */
function endpoints(...answers: Answer[]) {
  let now = 0
  const lines: string[] = []
  const voters: Voter[] = answers.map((answer, i) => ({
    name: `${i + 1}`,
    reached: answer === 'silence' ? undefined : 10n,
    distrustedUntil: 0,
    rpc: {
      async call(method, _params, shape) {
        if (answer === 'silence') throw new RpcSilent(method)
        if (answer === 'refusal') throw new RpcRefused(method, { code: -32000, message: 'no' })
        return shape.parse(answer)
      },
      close: () => undefined,
    },
  }))
  const electorate = createElectorate(voters, { clock: { now: () => now }, log: (_level, message) => lines.push(message) })
  electorate.setHeight(10n)
  return { electorate, lines, pass: (ms: number) => (now += ms), ask: () => electorate.ask('m', [], z.number().nullable()) }
}

describe('an answer is believed', () => {
  test.each<[string, Answer[], number | null]>([
    ['from one of two while the other is silent', [7, 'silence'], 7],
    ['from both of two', [7, 7], 7],
    ['from two of three, whoever is first', [8, 7, 7], 7],
    ['from two of three while the third is silent', [7, 'silence', 7], 7],
    ['from three of five', [7, 8, 7, 9, 7], 7],
    ['with a refusal counted as no answer', ['refusal', 7, 7], 7],
    ['that nothing is there yet', [null, null, 7], null],
  ])('%s', async (_, answers, believed) => {
    expect(await endpoints(...answers).ask()).toBe(believed)
  })
})

describe('nothing is believed', () => {
  test.each<[string, Answer[]]>([
    ['when two contradict each other', [7, 8]],
    ['from one of three while the others are silent', [7, 'silence', 'silence']],
    ['when four are two and two', [7, 8, 7, 8]],
    ['when none answers', ['silence', 'silence']],
  ])('%s', async (_, answers) => {
    await expect(endpoints(...answers).ask()).rejects.toBeInstanceOf(RpcSilent)
  })
  test('when all refuse, and the refusal is told', async () => {
    await expect(endpoints('refusal', 'refusal').ask()).rejects.toBeInstanceOf(RpcRefused)
  })
})

test('who said what most contradict is not read from for ten minutes, and who only knew less is', async () => {
  const { electorate, ask, pass, lines } = endpoints(8, 7, 7)
  expect(electorate.reader(50n).name).toBe('1')
  await ask()
  expect(electorate.reader(50n).name).toBe('2')
  expect(lines).toHaveLength(1)
  pass(600_000)
  expect(electorate.reader(50n).name).toBe('1')
  const late = endpoints(null, 7, 7)
  await late.ask()
  expect([late.electorate.reader(50n).name, late.lines]).toEqual(['1', []])
})

test.each<[string, bigint[], number, bigint]>([
  ['one of one is its own', [10n], 1, 10n],
  ['two of two is the lower', [10n, 9n], 2, 9n],
  ['three is the middle one, so that one far ahead does not count', [1_000n, 10n, 9n], 3, 10n],
  ['two of three that answer is the lower', [10n, 9n], 3, 9n],
])('the common height of %s', (_, heads, of, common) => {
  const { electorate } = endpoints(...Array<Answer>(of).fill(1))
  expect(electorate.commonHeight(heads)).toBe(common)
})

test('one head of three is too few to have a common height', () => {
  expect(() => endpoints(1, 1, 1).electorate.commonHeight([10n])).toThrow(/too few/)
})

test('what a stranger made endpoints say differently is believed of most, and none is blamed for it', async () => {
  const { electorate, lines } = endpoints(8, 7, 7)
  const askOfCode = () => electorate.ask('m', [], z.number().nullable(), { blames: false })
  expect(await askOfCode()).toBe(7)
  expect([electorate.reader(50n).name, lines]).toEqual(['1', []])
  const parted = endpoints(7, 8)
  await expect(parted.electorate.ask('m', [], z.number().nullable(), { blames: false })).rejects.toBeInstanceOf(RpcSilent)
  expect(parted.lines).toEqual([])
})
