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
  test('that sleeps until a time runs when the clock is moved, and none does so any more once it is closed', async () => {
    const told = new Set<() => void>()
    const ran: string[] = []
    const rounds = createRounds({
      width: 1,
      onError: () => undefined,
      onMoved(wake) {
        told.add(wake)
        return () => told.delete(wake)
      },
      async run(id) {
        ran.push(id)
        return id === 'sleeps' ? 3_600_000 : undefined
      },
    })
    for (const id of ['sleeps', 'waits']) rounds.wake(id)
    await rounds.settled()
    for (const wake of told) wake()
    await rounds.settled()
    expect(ran).toEqual(['sleeps', 'waits', 'sleeps'])
    await rounds.close()
    expect(told.size).toBe(0)
  })

  test('that has looked at the clock and not slept yet when it is moved looks again', async () => {
    let move = () => {}
    let now = 0
    const seen: number[] = []
    const rounds = createRounds({
      width: 1,
      onError: () => undefined,
      onMoved(wake) {
        move = wake
        return () => undefined
      },
      async run() {
        seen.push(now)
        return 3_600_000
      },
    })
    rounds.wake('one')
    now = 7
    move()
    await rounds.settled()
    expect(seen).toEqual([0, 7])
    await rounds.close()
  })

  test('that wakes its own id before it first waits is not begun twice', async () => {
    let running = 0
    let most = 0
    const begun: number[] = []
    const rounds = createRounds({
      width: 4,
      onError: () => undefined,
      async run(id) {
        running += 1
        most = running > most ? running : most
        begun.push(begun.length)
        if (begun.length < 3) rounds.wake(id)
        await new Promise((resolve) => setImmediate(resolve))
        running -= 1
        return undefined
      },
    })
    rounds.wake('a')
    await rounds.settled()
    expect([begun, most]).toEqual([[0, 1, 2], 1])
  })

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

  test('that waits for its time leaves its place to others', async () => {
    const { rounds, ran, end } = room(1, 1)
    rounds.wake('waits')
    rounds.wake('other')
    await end('waits')
    expect(ran).toEqual(['waits', 'other'])
    while (!ran.includes('waits', 2)) {
      await end('other')
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    const closing = rounds.close()
    await end('waits')
    await closing
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

describe('who waits until all have settled', () => {
  const seen = (wait: Promise<void>) => {
    const told = { yet: false }
    void wait.then(() => {
      told.yet = true
    })
    return told
  }

  test('is told when each has had a round, and not when its next has come', async () => {
    const { rounds, end } = room(2, 3_600_000)
    for (const id of ['a', 'b', 'c']) rounds.wake(id)
    const told = seen(rounds.settled())
    await end('a')
    // What is woken meanwhile has one more round before it counts.
    rounds.wake('b')
    await end('b')
    await end('c')
    expect(told.yet).toBe(false)
    // What comes later is not waited for.
    rounds.wake('d')
    await end('b', new Error('broken'))
    expect(told.yet).toBe(true)
    const closing = rounds.close()
    await end('d')
    await closing
  })

  test('is told at once when there is nothing to wait for', async () => {
    await room(1).rounds.settled()
  })

  test('is told at the close of what does not begin any more', async () => {
    const { rounds, ran, end } = room(1)
    rounds.wake('a')
    rounds.wake('b')
    const told = seen(rounds.settled())
    const closing = rounds.close()
    await end('a')
    await closing
    expect([told.yet, ran]).toEqual([true, ['a']])
  })
})
