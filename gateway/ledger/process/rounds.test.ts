import { describe, expect, test } from 'vitest'
import { createRounds } from './rounds.ts'

/** Rounds whose runs end when they are told to. */
function room(width: number, againMs?: number) {
  const ran: string[] = []
  const ends = new Map<string, (error?: Error) => void>()
  const errors: string[] = []
  const run = (id: string) => {
    ran.push(id)
    return new Promise<number | undefined>((resolve, reject) => {
      ends.set(id, (error) => (error ? reject(error) : resolve(againMs)))
    })
  }
  const rounds = createRounds({ width, run, onError: (id, error) => void errors.push(`${id}: ${(error as Error).message}`) })
  const end = async (id: string, error?: Error) => {
    ends.get(id)!(error)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { rounds, ran, end, errors }
}

describe('a round', () => {
  test('runs once at a time for each id, and again when it was woken meanwhile', async () => {
    const { rounds, ran, end } = room(4)
    rounds.wake('a')
    rounds.wake('a')
    rounds.wake('a')
    expect(ran).toEqual(['a'])
    await end('a')
    expect(ran).toEqual(['a', 'a'])
    await end('a')
    expect(ran).toEqual(['a', 'a'])
  })

  test('leaves no more than the width to run, and the others wait in their order', async () => {
    const { rounds, ran, end } = room(2)
    for (const id of ['a', 'b', 'c', 'd']) rounds.wake(id)
    expect(ran).toEqual(['a', 'b'])
    await end('b')
    expect(ran).toEqual(['a', 'b', 'c'])
    await end('a')
    expect(ran).toEqual(['a', 'b', 'c', 'd'])
  })

  test('comes again by itself when it asks to', async () => {
    const { rounds, ran, end } = room(1, 1)
    rounds.wake('a')
    await end('a')
    while (ran.length < 2) await new Promise((resolve) => setTimeout(resolve, 1))
    const closing = rounds.close()
    await end('a')
    await closing
    expect(ran).toEqual(['a', 'a'])
  })

  test('that fails is told, and does not hold up the others', async () => {
    const { rounds, ran, end, errors } = room(1)
    rounds.wake('a')
    rounds.wake('b')
    await end('a', new Error('broken'))
    expect([ran, errors]).toEqual([['a', 'b'], ['a: broken']])
  })

  test('is waited for at the close, after which nothing begins', async () => {
    const { rounds, ran, end } = room(1)
    rounds.wake('a')
    rounds.wake('b')
    let closed = false
    const closing = rounds.close().then(() => {
      closed = true
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(closed).toBe(false)
    await end('a')
    await closing
    rounds.wake('c')
    expect(ran).toEqual(['a'])
  })
})
